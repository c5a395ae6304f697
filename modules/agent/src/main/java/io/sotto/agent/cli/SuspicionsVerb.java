package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code sotto suspicions}: who accused whom, and what came of it, as one agent saw it. */
final class SuspicionsVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            suspicions [options]

              Shows which members a running agent has seen suspected lately, newest first:
              by whom, how many others accused too, the agent's own health score then (0 is
              healthy), and what came of it: open, refuted, failed or withdrawn. Ends with 2
              and prints nothing if there was none.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet().value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error retrieving suspicions";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        ApiClient.Reply reply = api.get("/v1/agent/suspicions");
        if (!reply.good()) {
            return failed(reply, console);
        }
        List<Json> suspicions;
        try {
            suspicions = Json.parse(reply.body()).asElements();
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        if (json) {
            List<Json> elements = suspicions.stream().map(SuspicionsVerb::shown).toList();
            console.out().println(new Json.Fields(Map.of("suspicions", new Json.Elements(elements))).pretty());
        } else if (!suspicions.isEmpty()) {
            console.out().print(table(suspicions));
        }
        return suspicions.isEmpty() ? Exit.PARTIAL : Exit.DONE;
    }

    private static Json shown(Json suspicion) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("member", suspicion.get("Member"));
        fields.put("accuser", suspicion.get("Accuser"));
        fields.put("confirmers", suspicion.get("Confirmers"));
        fields.put("own_health", suspicion.get("OwnHealth"));
        fields.put("outcome", suspicion.get("Outcome"));
        fields.put("start", suspicion.get("Start"));
        fields.put("end", suspicion.get("End"));
        return new Json.Fields(fields);
    }

    private static String table(List<Json> suspicions) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("Start", "Member", "Accuser", "Confirmed", "Health", "Outcome", "End"));
        for (Json suspicion : suspicions) {
            lines.add(List.of(
                    suspicion.get("Start").asText(),
                    suspicion.get("Member").asText(),
                    suspicion.get("Accuser").asText(),
                    String.valueOf(suspicion.get("Confirmers").asElements().size()),
                    String.valueOf(suspicion.get("OwnHealth").asLong()),
                    suspicion.get("Outcome").asText(),
                    suspicion.get("End").asText()));
        }
        return Columns.format(lines);
    }
}
