package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code sotto keyring}: the keys of all members, in sotto's spelling ({@code keyring install KEY}) and in Consul's ({@code
 * keyring -install KEY}), with Consul's output. Works against Consul's servers too. {@code keyring rotate} is a verb of its
 * own. Source: agent specification, section 6; golden/cli-keyring.
 */
final class KeyringVerb implements ClientVerb {
    private static final String PATH = "/v1/operator/keyring";
    private static final int RELAY_FACTOR_MAX = 5;

    /** What can be done, with the words and the heading of the real tool. */
    private enum Action {
        LIST("list", "GET", "Gathering installed encryption keys..."),
        LIST_PRIMARY("list-primary", "GET", "Gathering installed primary encryption keys..."),
        INSTALL("install", "POST", "Installing new gossip encryption key..."),
        USE("use", "PUT", "Changing primary gossip encryption key..."),
        REMOVE("remove", "DELETE", "Removing gossip encryption key..."),
        STATUS("status", "GET", "");

        private final String word;
        private final String method;
        private final String heading;

        Action(String word, String method, String heading) {
            this.word = word;
            this.method = method;
            this.heading = heading;
        }

        boolean takesKey() {
            return !method.equals("GET");
        }
    }

    /** One thing to do, with its key where it takes one. */
    private record Task(Action action, String key) {}

    @Override
    public String usage() {
        return """
            keyring <action> [options]

              Shows and changes the gossip keys of all members of the pool. Gossip encryption is
              optional; where it is on, keys can be added, made the primary, and taken away, without
              disrupting the pool. To change the key of a pool: install, use, remove, or rotate, which
              does it all.

              list              every key, and on how many rings it is; list-primary the primary ones
              install KEY       puts a key on every ring
              use KEY           makes an installed key the primary
              remove KEY        takes a key that is nobody's primary off every ring
              status            who holds which key, by ids, and whose primary is which
              rotate            replaces the primary by a new key: sotto keyring rotate -h

              KEY is base64; - reads it from standard input, @FILE from a file. Consul's spelling, with
              flags, works too. Returns 0 if all members did it.""";
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        return Map.of("rotate", KeyringRotateVerb::new);
    }

    @Override
    public Choices arguments() {
        return Choices.of(Stream.of(Action.values()).map(action -> action.word).toArray(String[]::new));
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("list", "List all keys.")
                .toggle("list-primary", "List all primary keys.")
                .value("install", "key", "Install a key.")
                .value("use", "key", "Make a key the primary.")
                .value("remove", "key", "Remove a key.")
                .value("relay-factor", "0-5", "Have answers also sent over so many other members. Default 0.")
                .toggle("wan", "Ask the WAN pool, which only servers have; for status only.")
                .toggle("local-only", "Ask no other datacenter; for lists only."));
    }

    @Override
    public String failure() {
        return "error";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        List<Task> tasks = tasks(flags);
        if (tasks.size() > 1) {
            console.err().println("Only a single action is allowed");
            return Exit.FAILED;
        }
        if (tasks.isEmpty()) {
            console.err().println(help());
            return Exit.FAILED;
        }
        Task task = tasks.get(0);
        Optional<String> objection = objection(flags, task);
        if (objection.isPresent()) {
            console.err().println(objection.get());
            return Exit.FAILED;
        }
        return task.action == Action.STATUS ? status(flags, console, api) : run(task, flags, console, api);
    }

    private static List<Task> tasks(ParsedFlags flags) throws UsageException {
        List<Task> tasks = new ArrayList<>();
        for (Action action : Action.values()) {
            if (action.takesKey() && !flags.value(action.word, "").isEmpty()) {
                tasks.add(new Task(action, flags.value(action.word, "")));
            } else if (action != Action.STATUS && !action.takesKey() && flags.on(action.word)) {
                tasks.add(new Task(action, ""));
            }
        }
        List<String> words = flags.arguments();
        for (int i = 0; i < words.size(); i++) {
            Action action = action(words.get(i));
            String key = action.takesKey() && i + 1 < words.size() ? words.get(++i) : "";
            if (action.takesKey() && key.isEmpty()) {
                throw new UsageException("keyring " + action.word + " needs a key");
            }
            tasks.add(new Task(action, key));
        }
        return tasks;
    }

    private static Action action(String word) throws UsageException {
        for (Action action : Action.values()) {
            if (action.word.equals(word)) {
                return action;
            }
        }
        throw new UsageException(
                "keyring has no such action; use list, list-primary, install, use, remove, status or rotate");
    }

    private static Optional<String> objection(ParsedFlags flags, Task task) throws UsageException {
        String factor = flags.value("relay-factor", "0");
        int relayFactor;
        try {
            relayFactor = Integer.parseInt(factor);
        } catch (NumberFormatException e) {
            throw new UsageException("invalid value \"" + factor + "\" for flag -relay-factor: parse error");
        }
        if (relayFactor < 0 || relayFactor > RELAY_FACTOR_MAX) {
            return Optional.of(
                    "Error parsing relay factor: Relay factor must be in range: [0, " + RELAY_FACTOR_MAX + "]");
        }
        return flags.on("local-only") && task.action.takesKey()
                ? Optional.of("Error validating local-only: local-only can only be set for list requests")
                : Optional.empty();
    }

    private int run(Task task, ParsedFlags flags, Console console, ApiClient api)
            throws UsageException, UnreachableException {
        byte[] body = task.action.takesKey()
                ? Json.of(Map.of("Key", GivenKey.read(task.key, console)))
                        .compact()
                        .getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        console.out().println("==> " + task.action.heading);
        List<String> parameters = new ArrayList<>();
        if (!flags.value("relay-factor", "0").equals("0")) {
            parameters.add("relay-factor=" + flags.value("relay-factor", "0"));
        }
        if (flags.on("local-only")) {
            parameters.add("local-only=true");
        }
        String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
        ApiClient.Reply reply = api.ask(task.action.method, PATH + query, body);
        if (!reply.good()) {
            return failed(reply, console);
        }
        if (!task.action.takesKey()) {
            try {
                list(Json.parse(reply.body()), task.action, console);
            } catch (JsonException e) {
                console.err().println(failure() + ": " + e.text());
                return Exit.FAILED;
            }
        }
        return Exit.DONE;
    }

    private static void list(Json pools, Action action, Console console) {
        for (Json pool : pools.asElements()) {
            String segment = pool.get("Segment").asText();
            String name = pool.get("WAN").equals(Json.of(true))
                    ? "WAN"
                    : pool.get("Datacenter").asText() + " (LAN)" + (segment.isEmpty() ? "" : " [" + segment + "]");
            console.out().println();
            console.out().println(name + ":");
            Json keys = pool.get(action == Action.LIST ? "Keys" : "PrimaryKeys");
            keys.asFields().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(key -> console.out()
                            .println("  " + key.getKey() + " [" + key.getValue().asLong() + "/"
                                    + pool.get("NumNodes").asLong() + "]"));
        }
    }

    private int status(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        ApiClient.Reply reply = api.get(PATH + "/status" + (flags.on("wan") ? "?wan=1" : ""));
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json status = Json.parse(reply.body());
            KeyringTable table = KeyringTable.of(status);
            console.out().print(table.render());
            return table.isWhole() ? Exit.DONE : Exit.PARTIAL;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }
}
