package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** {@code sotto metrics}: what {@code /v1/agent/metrics} gives, of our agents and of Consul's, one line for each value. */
final class MetricsVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            metrics [options] [filter...]

              Shows the figures that a running agent counts. With filters, only those whose
              name or label=value contains every one of them: metrics rejected reason=rate.
              Without, those that are 0 are left out. Ends with 2 and prints nothing if there
              is none to show.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("all", "Show also what is 0.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error retrieving metrics";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        ApiClient.Reply reply = api.get("/v1/agent/metrics");
        if (!reply.good()) {
            return failed(reply, console);
        }
        boolean zeros = flags.on("all") || !flags.arguments().isEmpty();
        List<MetricRow> rows;
        try {
            rows = rows(Json.parse(reply.body()), flags.arguments(), zeros);
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        if (json) {
            List<Json> elements = new ArrayList<>();
            for (MetricRow row : rows) {
                elements.add(row.json());
            }
            console.out().println(new Json.Fields(Map.of("metrics", new Json.Elements(elements))).pretty());
        } else if (!rows.isEmpty()) {
            console.out().print(table(rows));
        }
        return rows.isEmpty() ? Exit.PARTIAL : Exit.DONE;
    }

    private static List<MetricRow> rows(Json answer, List<String> filters, boolean zeros) {
        List<MetricRow> rows = new ArrayList<>();
        for (MetricRow.Kind kind : MetricRow.Kind.values()) {
            for (Json metric : answer.get(kind.list()).asElements()) {
                MetricRow row = new MetricRow(kind, metric);
                if (row.contains(filters) && (zeros || !row.isZero())) {
                    rows.add(row);
                }
            }
        }
        Collections.sort(rows);
        return rows;
    }

    private static String table(List<MetricRow> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("Name", "Kind", "Value", "Labels"));
        for (MetricRow row : rows) {
            lines.add(row.cells());
        }
        return Columns.format(lines);
    }
}
