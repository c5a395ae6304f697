package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** {@code sotto query}: asks all members, or some, and prints what they answer as it comes. */
final class QueryVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            query [options] NAME [payload]

              Asks the members of the pool and prints acks and answers as they arrive, until the
              time is up. Ends with 2 if nobody answered and nobody acked.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .value("node", "name", "Ask this member; may be given several times. Default all.")
                .value("tag", "key=regexp", "Ask members whose tag matches; may be given several times.")
                .value(
                        "timeout",
                        "duration",
                        "How long answers count, such as 15s. Default Serf's: grows with the pool.")
                .toggle("no-ack", "Do not ask for acks.")
                .value("relay-factor", "n", "Through how many more members each answer comes. Default 0.")
                .value("format", "text|json", "How to print; json is one object for each line. Default text."));
    }

    @Override
    public String failure() {
        return "Error sending query";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (flags.arguments().isEmpty() || flags.arguments().size() > 2) {
            return missing("A query name must be specified, and at most one payload.", console);
        }
        String name = flags.arguments().get(0);
        String payload = flags.arguments().size() > 1 ? flags.arguments().get(1) : "";
        QueryPrinter printer = new QueryPrinter(name, console, json);
        ApiClient.Reply reply = api.follow(
                "PUT",
                "/v1/agent/query/" + ClientVerb.segment(name) + parameters(flags),
                payload.getBytes(StandardCharsets.UTF_8),
                printer::line);
        return reply.good() ? printer.code() : failed(reply, console);
    }

    private static String parameters(ParsedFlags flags) throws UsageException {
        StringBuilder query = new StringBuilder();
        flags.values("node").forEach(node -> EventVerb.parameter(query, "node", node));
        for (String tag : flags.values("tag")) {
            if (tag.indexOf('=') < 1) {
                throw new UsageException("invalid value \"" + tag + "\" for flag -tag: must be key=regexp");
            }
            EventVerb.parameter(query, "tag", tag);
        }
        if (flags.has("timeout")) {
            EventVerb.parameter(query, "timeout", flags.value("timeout", ""));
        }
        if (flags.on("no-ack")) {
            EventVerb.parameter(query, "no-ack", "1");
        }
        if (flags.has("relay-factor")) {
            EventVerb.parameter(query, "relay-factor", flags.value("relay-factor", ""));
        }
        return query.toString();
    }

    /** Prints each piece of progress in the words of Serf's tool. */
    private static final class QueryPrinter {
        private final String name;
        private final Console console;
        private final boolean json;
        private final List<String> acks = new ArrayList<>();
        private final List<String> answers = new ArrayList<>();

        QueryPrinter(String name, Console console, boolean json) {
            this.name = name;
            this.console = console;
            this.json = json;
        }

        void line(String line) {
            if (line.isEmpty()) {
                return;
            }
            if (json) {
                console.out().println(line);
            }
            Json progress;
            try {
                progress = Json.parse(line);
            } catch (JsonException e) {
                console.err().println("Error reading an answer: " + e.text());
                return;
            }
            String from = progress.get("From").asText();
            switch (progress.get("Type").asText()) {
                case "started" -> say("Query '" + name + "' dispatched");
                case "ack" -> {
                    acks.add(from);
                    say("Ack from '" + Terminal.printable(from) + "'");
                }
                case "response" -> {
                    answers.add(from);
                    say("Response from '" + Terminal.printable(from) + "': " + Terminal.printable(text(progress)));
                }
                case "finished" -> {
                    say("Total Acks: " + acks.size());
                    say("Total Responses: " + answers.size());
                }
                default -> {
                    // An agent newer than this verb may tell more.
                }
            }
        }

        int code() {
            return acks.isEmpty() && answers.isEmpty() ? Exit.PARTIAL : Exit.DONE;
        }

        private void say(String text) {
            if (!json) {
                console.out().println(text);
            }
        }

        private static String text(Json progress) {
            return new String(Base64.getDecoder().decode(progress.get("Payload").asText()), StandardCharsets.UTF_8);
        }
    }
}
