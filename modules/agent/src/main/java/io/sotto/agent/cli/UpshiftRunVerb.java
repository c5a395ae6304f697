package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code sotto upshift … run} and {@code … next}: has stages taken, and shows how far it is until the end. */
final class UpshiftRunVerb implements ClientVerb {
    private static final byte[] NO_BODY = {};
    private static final long PAUSE_MILLIS = 1_000;

    /** How far it is to go. */
    enum Action {
        /** To the last stage. */
        RUN,
        /** To the next stage. */
        NEXT
    }

    /** Lets time pass between two questions. */
    @FunctionalInterface
    interface Pause {
        void of(long millis) throws InterruptedException;
    }

    /** What is said when the verb is stopped from outside. */
    @FunctionalInterface
    interface Farewell {
        /** Runs {@code last} if the process is stopped before what this answers has been run. */
        Runnable on(Runnable last);
    }

    private final UpshiftWords kind;
    private final Action action;
    private final boolean isTerminal;
    private final Pause pause;
    private final Farewell farewell;

    UpshiftRunVerb(UpshiftWords kind, Action action) {
        this(kind, action, Watched.byATerminal(), Thread::sleep, UpshiftRunVerb::atTheEndOfTheProcess);
    }

    /** @param isTerminal whether somebody watches, for whom lines are written over */
    UpshiftRunVerb(UpshiftWords kind, Action action, boolean isTerminal, Pause pause, Farewell farewell) {
        this.kind = kind;
        this.action = action;
        this.isTerminal = isTerminal;
        this.pause = pause;
        this.farewell = farewell;
    }

    @Override
    public String usage() {
        return UpshiftHelp.of(kind, Watched.word(action));
    }

    @Override
    public FlagSet flags() {
        FlagSet flags = new FlagSet()
                .value(
                        "without",
                        "name",
                        "Go on without this member while it is away, which is recorded; may be given several times.")
                .value(
                        "vouch",
                        "name=stage",
                        "Take it that this member, which cannot be seen from here, is at ready, sending or enforced.")
                .toggle("force", "Begin although a stage would cut members off, who are named.");
        if (kind == UpshiftWords.GOSSIP) {
            flags.value(
                    "key-file",
                    "file",
                    "Use the key in this file, in base64, instead of a new one; - reads it from" + " standard input.");
        }
        return ClientVerb.flags(flags.value(
                "format",
                "text|json",
                "How to print; json is one object for each line. Default text on a" + " terminal, else json."));
    }

    @Override
    public String failure() {
        return "Error running the upshift";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = flags.has("format") ? Verb.json(flags) : !isTerminal;
        if (!flags.arguments().isEmpty()) {
            throw new UsageException("upshift " + kind.word() + " " + Watched.word(action) + " takes no arguments: "
                    + flags.arguments().get(0));
        }
        List<String> said = said(flags);
        byte[] body = body(flags, console);
        UpshiftFollower follower = new UpshiftFollower(
                kind,
                json
                        ? UpshiftFollower.Form.JSON
                        : isTerminal ? UpshiftFollower.Form.TERMINAL : UpshiftFollower.Form.TEXT,
                console);
        Runnable ended = farewell.on(() -> {
            follower.close();
            console.err()
                    .println("It goes on without this. How it stands: " + kind.command("status") + ". To stop it: "
                            + kind.command("abort") + ".");
        });
        String force = flags.on("force") ? "?force" : "";
        try {
            return action == Action.RUN
                    ? run(kind.path() + force, body, said, follower, console, api)
                    : next(kind.path() + "/next" + force, body, said, follower, console, api);
        } finally {
            ended.run();
            follower.close();
        }
    }

    private int run(
            String path, byte[] body, List<String> said, UpshiftFollower follower, Console console, ApiClient api)
            throws UnreachableException {
        List<String> waiting = new ArrayList<>(said);
        List<ApiClient.Reply> refused = new ArrayList<>();
        ApiClient.Reply reply;
        try {
            reply = api.follow("POST", path, body, line -> {
                follower.line(line);
                // What is said is said of an upshift, which there is from the first line on.
                while (!waiting.isEmpty() && UpshiftText.isTrue(follower.last().get("UnderWay"))) {
                    say(waiting.remove(0), refused, api);
                }
            });
        } catch (UnreachableException e) {
            if (follower.last() != Json.Nothing.INSTANCE) {
                follower.close();
                console.err()
                        .println("The agent went away; what it drove can go on: " + kind.command("run")
                                + " there again, or on any other agent.");
            }
            throw e;
        }
        if (!reply.good()) {
            return UpshiftEnd.refused(this, reply, console);
        }
        return ended(follower, refused, console);
    }

    /** Tells of a member; what the agent says against it is shown when all is over. */
    private static void say(String path, List<ApiClient.Reply> refused, ApiClient api) {
        ApiClient.Reply reply;
        try {
            reply = api.put(path);
        } catch (UnreachableException e) {
            reply = new ApiClient.Reply(0, e.text(), Map.of());
        }
        if (!reply.good()) {
            refused.add(reply);
        }
    }

    private int next(
            String path, byte[] body, List<String> said, UpshiftFollower follower, Console console, ApiClient api)
            throws UnreachableException {
        List<ApiClient.Reply> refused = new ArrayList<>();
        said.forEach(each -> say(each, refused, api));
        ApiClient.Reply reply = api.ask("POST", path, body);
        while (reply.good()) {
            follower.line(reply.body());
            Json progress = follower.last();
            if (UpshiftText.isTrue(progress.get("WaitingForNext"))) {
                return refused.isEmpty() ? Exit.DONE : ended(follower, refused, console);
            }
            if (!progress.get("Outcome").asText().isEmpty() || !UpshiftText.isTrue(progress.get("UnderWay"))) {
                return ended(follower, refused, console);
            }
            try {
                pause.of(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Exit.FAILED;
            }
            reply = api.get(kind.path());
        }
        return UpshiftEnd.refused(this, reply, console);
    }

    private int ended(UpshiftFollower follower, List<ApiClient.Reply> refused, Console console) {
        follower.close();
        if (!refused.isEmpty()) {
            int code = Exit.FAILED;
            for (ApiClient.Reply reply : refused) {
                code = UpshiftEnd.refused(this, reply, console);
            }
            return code;
        }
        if (follower.last().get("Outcome").asText().isEmpty()) {
            console.err().println("The agent ended the stream; how it stands: " + kind.command("status"));
            return Exit.FAILED;
        }
        return UpshiftEnd.of(follower.last());
    }

    /** What the operator says of members, as paths to put. */
    private List<String> said(ParsedFlags flags) throws UsageException {
        List<String> paths = new ArrayList<>();
        for (String name : flags.values("without")) {
            paths.add(kind.path() + "/without?member=" + ClientVerb.segment(name));
        }
        for (String vouch : flags.values("vouch")) {
            int equals = vouch.lastIndexOf('=');
            String stage = vouch.substring(equals + 1);
            if (equals < 1 || !UpshiftWords.STAGES.contains(stage)) {
                throw new UsageException("invalid value \"" + vouch
                        + "\" for flag -vouch: use NAME=ready, NAME=sending or NAME=enforced");
            }
            paths.add(kind.path() + "/vouch?member=" + ClientVerb.segment(vouch.substring(0, equals)) + "&stage="
                    + stage);
        }
        return paths;
    }

    private static byte[] body(ParsedFlags flags, Console console) throws UsageException {
        String file = flags.value("key-file", "");
        if (file.isEmpty()) {
            return NO_BODY;
        }
        return Json.of(Map.of("Key", GivenKey.read(file.equals("-") ? file : "@" + file, console)))
                .compact()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Runnable atTheEndOfTheProcess(Runnable last) {
        Thread hook = new Thread(last, "upshift-farewell");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // It is being said.
            }
        };
    }
}
