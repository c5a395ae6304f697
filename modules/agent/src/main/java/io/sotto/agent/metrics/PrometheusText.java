package io.sotto.agent.metrics;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metrics in the text format of Prometheus, version 0.0.4: families in the order of their names, each with one HELP and
 * one TYPE line above its values.
 *
 * <p>Dots become underscores, and counters end in {@code _total}. Pure. Source: Prometheus, "Exposition formats", text
 * format; "Metric and label naming".
 */
public final class PrometheusText {
    /** What the answer's content type has to say. */
    public static final String VERSION = "0.0.4";

    private PrometheusText() {}

    /** The whole text; it ends with a newline unless it is empty. */
    public static String of(List<Metric> metrics) {
        Map<String, List<Metric>> families = new TreeMap<>();
        for (Metric metric : metrics) {
            families.computeIfAbsent(name(metric.name()), name -> new ArrayList<>())
                    .add(metric);
        }
        StringBuilder text = new StringBuilder(128 * metrics.size());
        families.forEach((name, values) -> family(text, name, values));
        return text.toString();
    }

    /** The name of a metric there: {@code sotto_gossip_probes_total}. */
    static String name(MetricName metric) {
        String plain = metric.dotted().replace('.', '_');
        return metric.kind() == MetricKind.COUNTER ? plain + "_total" : plain;
    }

    private static void family(StringBuilder text, String name, List<Metric> values) {
        MetricName metric = values.get(0).name();
        text.append("# HELP ").append(name).append(' ');
        escape(text, metric.meaning(), false);
        text.append("\n# TYPE ").append(name).append(' ').append(metric.kind().word());
        text.append('\n');
        for (Metric value : values) {
            text.append(name);
            labels(text, value);
            text.append(' ').append(number(value.value())).append('\n');
        }
    }

    private static void labels(StringBuilder text, Metric value) {
        List<String> names = value.name().labels();
        for (int i = 0; i < names.size(); i++) {
            text.append(i == 0 ? '{' : ',').append(names.get(i)).append("=\"");
            escape(text, value.labels().get(i), true);
            text.append('"');
        }
        if (!names.isEmpty()) {
            text.append('}');
        }
    }

    private static void escape(StringBuilder text, String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                text.append("\\\\");
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c == '"' && quoted) {
                text.append("\\\"");
            } else {
                text.append(c);
            }
        }
    }

    /** Without an exponent, and without a point where there is nothing behind it. */
    static String number(double value) {
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
