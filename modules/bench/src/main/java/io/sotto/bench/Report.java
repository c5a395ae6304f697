package io.sotto.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a benchmark found: a table for people, and the same as one line of JSON. */
final class Report {
    /**
     * One figure.
     *
     * @param id of the target, as in {@code P1}
     * @param what was measured
     * @param ours our figure
     * @param limit the same work with nothing around it, from the same run; empty for a figure without one
     * @param ratio what is held against the target; for a figure without a limit, the figure itself
     * @param target the largest ratio, or figure, that meets the target; empty for what is only told
     * @param unit of {@code ours} and {@code limit}
     * @param isFloor whether it is the smallest instead
     */
    record Line(
            String id,
            String what,
            double ours,
            Optional<Double> limit,
            double ratio,
            Optional<Double> target,
            String unit,
            boolean isFloor) {
        Line(
                String id,
                String what,
                double ours,
                Optional<Double> limit,
                double ratio,
                Optional<Double> target,
                String unit) {
            this(id, what, ours, limit, ratio, target, unit, false);
        }

        boolean met() {
            return target.isEmpty() || (isFloor ? ratio >= target.get() : ratio <= target.get());
        }
    }

    private final String title;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Double> named = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> groups = new LinkedHashMap<>();

    Report(String title) {
        this.title = title;
    }

    void ratio(String id, String what, PairedRun.Result result, double target, double perOperation, String unit) {
        lines.add(new Line(
                id,
                what,
                result.ours() / perOperation,
                Optional.of(result.limit() / perOperation),
                result.ratio(),
                Optional.of(target),
                unit));
    }

    void add(Line line) {
        lines.add(line);
    }

    /** Something to know about the figures: what did not run, and why. */
    void note(String text) {
        notes.add(text);
    }

    /** Adds a figure to a group of them, for the JSON object alone. */
    void grouped(String group, String key, double figure) {
        groups.computeIfAbsent(group, name -> new LinkedHashMap<>()).put(key, figure);
    }

    /** A figure by its own name in the JSON object, for whoever looks for just that. */
    void figure(String name, double value) {
        named.put(name, value);
    }

    /** Whether all targets are met. */
    boolean met() {
        return lines.stream().allMatch(Line::met);
    }

    String table() {
        StringBuilder table = new StringBuilder("\n" + title + "\n\n");
        table.append(String.format(
                Locale.ROOT, "%-4s %-58s %11s %11s %8s %8s%n", "", "", "ours", "limit", "ratio", "target"));
        for (Line line : lines) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-4s %-58s %11s %11s %8s %8s %s%n",
                    line.id,
                    line.what + " (" + line.unit + ")",
                    number(line.ours),
                    line.limit.map(Report::number).orElse("-"),
                    number(line.ratio),
                    line.target.map(Report::number).orElse("-"),
                    line.target.isEmpty() ? "" : line.met() ? "met" : "NOT MET"));
        }
        notes.forEach(note -> table.append("  ").append(note).append('\n'));
        return table.append('\n').toString();
    }

    String json(String benchmark) {
        StringBuilder json = new StringBuilder("{\"benchmark\":" + quoted(benchmark) + ",\"figures\":[");
        String separator = "";
        for (Line line : lines) {
            json.append(separator)
                    .append("{\"id\":")
                    .append(quoted(line.id))
                    .append(",\"what\":")
                    .append(quoted(line.what))
                    .append(",\"unit\":")
                    .append(quoted(line.unit))
                    .append(",\"ours\":")
                    .append(exact(line.ours))
                    .append(",\"limit\":")
                    .append(line.limit.map(Report::exact).orElse("null"))
                    .append(",\"ratio\":")
                    .append(exact(line.ratio))
                    .append(",\"target\":")
                    .append(line.target.map(Report::exact).orElse("null"))
                    .append(",\"met\":")
                    .append(line.target.isEmpty() ? "null" : String.valueOf(line.met()))
                    .append('}');
            separator = ",";
        }
        json.append("],\"notes\":[");
        json.append(String.join(",", notes.stream().map(Report::quoted).toList()));
        json.append(']');
        named.forEach((name, value) ->
                json.append(',').append(quoted(name)).append(':').append(exact(value)));
        groups.forEach((group, figures) -> json.append(',')
                .append(quoted(group))
                .append(figures.entrySet().stream()
                        .map(figure -> quoted(figure.getKey()) + ':' + exact(figure.getValue()))
                        .collect(Collectors.joining(",", ":{", "}"))));
        return json.append('}').toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private static String exact(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
