package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code sotto keyring rotate}: replaces the key of the pool, and shows how far it has got. */
final class KeyringRotateVerb implements ClientVerb {
    private static final String PATH = "/v1/agent/keyring/rotate";
    private static final byte[] NO_BODY = {};

    private final boolean isTerminal;

    KeyringRotateVerb() {
        this(Watched.byATerminal());
    }

    /** @param isTerminal whether somebody watches, for whom one line is written over and over */
    KeyringRotateVerb(boolean isTerminal) {
        this.isTerminal = isTerminal;
    }

    @Override
    public String usage() {
        return """
            keyring rotate [options]

              Replaces the gossip key of the pool by a new one: installs it everywhere, checks
              that every member has it, uses it everywhere, checks that, waits, and removes the
              old keys. A member that is away is named, and the old key stays until it returns.
              The agent does it: it goes on when this verb is stopped, and when the agent is
              started again. Ends with 0 if every member has the new key alone, 1 if it did not
              begin or failed, 2 if it was called off or another rotation goes on in its place;
              with -status, 2 while it waits for members.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("status", "Show where the rotation stands.")
                .toggle("abort", "Call the rotation off, and go back to the old key while that is possible.")
                .value("without", "name", "Go on without this member while it is away; may be given several times.")
                .toggle("force", "Begin although members hold different keys, to mend what a rotation left behind.")
                .value(
                        "format",
                        "text|json",
                        "How to print; json is one object for each line. Default text on a terminal, else json."));
    }

    @Override
    public String failure() {
        return "Error rotating the key";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = flags.has("format") ? Verb.json(flags) : !isTerminal;
        boolean goesOnWithout = flags.has("without");
        if (!flags.arguments().isEmpty() && !goesOnWithout) {
            throw new UsageException("keyring rotate takes no argument but after -without");
        }
        if (Stream.of(flags.on("status"), flags.on("abort"), goesOnWithout)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw new UsageException("Only a single action is allowed");
        }
        if (flags.on("status")) {
            return once(api.get(PATH), json, console);
        }
        if (flags.on("abort")) {
            return once(api.ask("DELETE", PATH, NO_BODY), json, console);
        }
        if (goesOnWithout) {
            String names = Stream.concat(flags.values("without").stream(), flags.arguments().stream())
                    .map(name -> "without=" + ClientVerb.segment(name))
                    .collect(Collectors.joining("&"));
            return once(api.put(PATH + "?" + names), json, console);
        }
        Follower follower = new Follower(json, isTerminal, console);
        ApiClient.Reply reply = api.follow("POST", flags.on("force") ? PATH + "?force" : PATH, NO_BODY, follower::line);
        return reply.good() ? follower.code() : failed(reply, console);
    }

    private int once(ApiClient.Reply reply, boolean json, Console console) {
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json progress = Json.parse(reply.body());
            console.out().println(json ? progress.compact() : RotationText.whole(progress));
            return RotationText.waitingFor(progress).isEmpty() ? Exit.DONE : Exit.PARTIAL;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }

    /** Prints each piece of progress. */
    private static final class Follower {
        /** Erases the rest of a terminal's line. */
        private static final String ERASE = "\u001b[K";

        private final boolean json;
        private final boolean overwrites;
        private final Console console;
        private String last = "";
        private String outcome = "";

        Follower(boolean json, boolean isTerminal, Console console) {
            this.json = json;
            this.overwrites = isTerminal && !json;
            this.console = console;
        }

        void line(String line) {
            if (line.isEmpty()) {
                return;
            }
            try {
                Json progress = Json.parse(line);
                outcome = progress.get("Outcome").asText();
                show(json ? line : RotationText.line(progress));
            } catch (JsonException e) {
                console.err().println("Error reading an answer: " + e.text());
            }
        }

        private void show(String text) {
            if (!overwrites) {
                if (!text.equals(last)) {
                    console.out().println(text);
                }
            } else {
                console.out().print("\r" + text + ERASE);
                console.out().flush();
                if (!outcome.isEmpty()) {
                    console.out().println();
                }
            }
            last = text;
        }

        int code() {
            if (outcome.isEmpty()) {
                console.err().println("The agent ended the stream; ask for the status with -status.");
            }
            return switch (outcome) {
                case "finished" -> Exit.DONE;
                case "aborted", "superseded" -> Exit.PARTIAL;
                default -> Exit.FAILED;
            };
        }
    }
}
