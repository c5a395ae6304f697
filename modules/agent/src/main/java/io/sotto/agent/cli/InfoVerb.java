package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.Map;
import java.util.TreeMap;

/** {@code sotto info}: the sections of {@code /v1/agent/self}'s {@code Stats}. */
final class InfoVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            info [options]

              Shows what a running agent counts and knows about itself, section by section.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet().value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error querying agent";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        ApiClient.Reply reply = api.get("/v1/agent/self");
        if (!reply.good()) {
            return failed(reply, console);
        }
        Json stats;
        try {
            stats = Json.parse(reply.body()).get("Stats");
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        if (json) {
            console.out().println(stats.pretty());
            return Exit.DONE;
        }
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Json> section : new TreeMap<>(stats.asFields()).entrySet()) {
            out.append(section.getKey()).append(":\n");
            Map<String, Json> lines = new TreeMap<>(section.getValue().asFields());
            for (Map.Entry<String, Json> line : lines.entrySet()) {
                out.append('\t').append(line.getKey()).append(" = ");
                out.append(line.getValue().asText()).append('\n');
            }
        }
        console.out().print(out);
        return Exit.DONE;
    }
}
