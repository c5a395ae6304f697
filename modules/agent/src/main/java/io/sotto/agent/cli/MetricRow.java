package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of {@code /v1/agent/metrics} as {@code metrics} prints it. */
final class MetricRow implements Comparable<MetricRow> {
    /** The lists of the answer, and which of a value's fields is shown. Consul's samples are times, ours has none. */
    enum Kind {
        GAUGE("gauge", "Gauges", "Value"),
        COUNTER("counter", "Counters", "Sum"),
        SAMPLE("sample", "Samples", "Mean");

        private final String word;
        private final String list;
        private final String field;

        Kind(String word, String list, String field) {
            this.word = word;
            this.list = list;
            this.field = field;
        }

        String list() {
            return list;
        }
    }

    private final Kind kind;
    private final String name;
    private final Json value;
    private final Map<String, Json> labels;

    MetricRow(Kind kind, Json metric) {
        this.kind = kind;
        this.name = metric.get("Name").asText();
        this.value = metric.get(kind.field);
        this.labels = metric.get("Labels").asFields();
    }

    boolean isZero() {
        return value.asText().equals("0");
    }

    /** Whether the name or a label contains each of these. */
    boolean contains(List<String> filters) {
        String all = name + " " + labels();
        for (String filter : filters) {
            if (!all.contains(filter)) {
                return false;
            }
        }
        return true;
    }

    List<String> cells() {
        return List.of(name, kind.word, value.asText(), labels());
    }

    Json json() {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("name", Json.of(name));
        fields.put("kind", Json.of(kind.word));
        fields.put("value", value);
        fields.put("labels", new Json.Fields(labels));
        return new Json.Fields(fields);
    }

    /** By name; values of one name stay in the order of the answer. */
    @Override
    public int compareTo(MetricRow other) {
        return name.compareTo(other.name);
    }

    private String labels() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Json> label : labels.entrySet()) {
            text.append(text.isEmpty() ? "" : " ").append(label.getKey()).append('=');
            text.append(label.getValue().asText());
        }
        return text.toString();
    }
}
