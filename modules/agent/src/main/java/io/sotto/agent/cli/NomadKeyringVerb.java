package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The keys of a Nomad pool, in the spellings of its older tool, {@code operator keyring -list}, and of its newer, {@code
 * operator gossip keyring list}. Source: Nomad specification, section 2; golden/nomad-session.
 */
final class NomadKeyringVerb implements NomadClientVerb {
    private static final String PATH = "/v1/agent/keyring/";

    /** What can be done, with the heading of the real tool. */
    enum Action {
        LIST("Gathering installed encryption keys..."),
        INSTALL("Installing new gossip encryption key..."),
        USE("Changing primary gossip encryption key..."),
        REMOVE("Removing gossip encryption key...");

        private final String heading;

        Action(String heading) {
            this.heading = heading;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One of {@link Action}, or none: then flags say which. */
    private final List<Action> actions;

    private NomadKeyringVerb(List<Action> actions) {
        this.actions = actions;
    }

    /** {@code operator gossip keyring ACTION}. */
    static NomadKeyringVerb of(Action action) {
        return new NomadKeyringVerb(List.of(action));
    }

    /** {@code operator keyring -ACTION}. */
    static NomadKeyringVerb byFlags() {
        return new NomadKeyringVerb(List.of());
    }

    @Override
    public String usage() {
        if (actions.isEmpty()) {
            return """
                operator keyring [options]

                  Shows and changes the gossip keys of all servers of a Nomad pool, of all its regions.
                  Newer spelling: sotto operator gossip keyring""";
        }
        Action action = actions.get(0);
        return "operator gossip keyring " + action.word() + (action == Action.LIST ? "" : " KEY") + "\n\n  "
                + switch (action) {
                    case LIST -> "Lists the gossip keys of all servers of a Nomad pool.";
                    case INSTALL -> "Puts a key on the ring of every server of a Nomad pool.";
                    case USE -> "Makes an installed key the one that every server seals with.";
                    case REMOVE -> "Takes a key that is nobody's primary off every ring.";
                };
    }

    @Override
    public FlagSet flags() {
        FlagSet set = new FlagSet();
        if (actions.isEmpty()) {
            set.toggle("list", "List all keys.")
                    .value("install", "key", "Install a key.")
                    .value("use", "key", "Make a key the primary.")
                    .value("remove", "key", "Remove a key.");
        }
        return NomadClientVerb.flags(set.value("format", "text|json", "How to print a list. Default text."));
    }

    @Override
    public String failure() {
        return "error";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        List<Action> asked = new ArrayList<>(actions);
        if (actions.isEmpty()) {
            for (Action action : Action.values()) {
                if (flags.has(action.word()) && !flags.value(action.word(), "").equals("false")) {
                    asked.add(action);
                }
            }
        }
        if (asked.isEmpty()) {
            console.err().println("No actionable argument was passed");
            console.err().println("Either the '-install', '-use', '-remove' or '-list' flag must be set");
            console.err().println("For additional help try 'sotto operator keyring -help'");
            return Exit.FAILED;
        }
        if (asked.size() > 1) {
            console.err().println("Only a single action is allowed");
            return Exit.FAILED;
        }
        Action action = asked.get(0);
        String key = actions.isEmpty()
                ? flags.value(action.word(), "")
                : flags.arguments().stream().findFirst().orElse("");
        if (action != Action.LIST && key.isEmpty()) {
            throw new UsageException("operator gossip keyring " + action.word() + " needs a key");
        }
        boolean json = Verb.json(flags);
        if (!json) {
            console.out().println((actions.isEmpty() ? "" : "==> ") + action.heading);
        }
        return action == Action.LIST ? list(json, console, api) : change(action, key, console, api);
    }

    private int change(Action action, String given, Console console, ApiClient api)
            throws UsageException, UnreachableException {
        byte[] body =
                Json.of(Map.of("Key", GivenKey.read(given, console))).compact().getBytes(StandardCharsets.UTF_8);
        ApiClient.Reply reply = api.put(PATH + action.word(), body);
        return reply.good() ? Exit.DONE : failed(reply, console);
    }

    private int list(boolean json, Console console, ApiClient api) throws UnreachableException {
        ApiClient.Reply reply = api.get(PATH + "list");
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json answer = Json.parse(reply.body());
            if (json) {
                console.out().println(answer.pretty());
            } else {
                console.out().println("Key");
                answer.get("Keys").asFields().keySet().stream()
                        .sorted()
                        .map(Terminal::printable)
                        .forEach(console.out()::println);
            }
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }
}
