package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code sotto event}: tells all members something, in the words of Consul's tool or of Serf's. */
final class EventVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            event [options] -name=NAME [payload]
                   sotto event [options] NAME [payload]

              Sends a user event to all members. In a Consul datacenter it is one of Consul's
              events, in a plain Serf cluster one of Serf's. Name and payload take some 480
              bytes together at most. Prints the event's id as soon as it is on its way.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .value("name", "name", "What the event is called.")
                .value("node", "regexp", "Consul only: the nodes that it is for. Default all.")
                .value("service", "regexp", "Consul only: for nodes with such a service.")
                .value("tag", "regexp", "Consul only: for services with such a tag; needs -service.")
                .value("datacenter", "dc", "Where to send it; only the agent's own is possible.")
                .value("coalesce", "true|false", "Serf only: whether of several only the latest matters. Default true.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error firing event";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        List<String> words = new ArrayList<>(flags.arguments());
        if (!flags.has("name") && words.isEmpty()) {
            return missing("Event name must be specified", console);
        }
        String name = flags.has("name") ? flags.value("name", "") : words.remove(0);
        if (words.size() > 1) {
            return missing("Too many arguments (expected one payload, got " + words.size() + ")", console);
        }
        if (flags.has("tag") && !flags.has("service")) {
            return missing("Cannot provide tag filter without service filter.", console);
        }
        StringBuilder query = new StringBuilder();
        for (String filter : List.of("node", "service", "tag", "coalesce")) {
            if (flags.has(filter)) {
                parameter(query, filter, flags.value(filter, ""));
            }
        }
        if (flags.has("datacenter")) {
            parameter(query, "dc", flags.value("datacenter", ""));
        }
        String payload = words.isEmpty() ? "" : words.get(0);
        ApiClient.Reply reply =
                api.put("/v1/event/fire/" + ClientVerb.segment(name) + query, payload.getBytes(StandardCharsets.UTF_8));
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json event = Json.parse(reply.body());
            console.out().println(json ? event.pretty() : line(event));
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        return Exit.DONE;
    }

    /** Events of plain Serf have no id. */
    private static String line(Json event) {
        String id = event.get("ID").asText();
        return id.isEmpty()
                ? "Event '" + event.get("Name").asText() + "' dispatched! Coalescing enabled: "
                        + event.get("Coalesce").asText()
                : "Event ID: " + id;
    }

    static void parameter(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(ClientVerb.segment(value));
    }
}
