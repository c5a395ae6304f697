package io.sotto.agent.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text format of Prometheus, version 0.0.4, and refuses whatever is not exactly that. It takes only the two kinds
 * that we write. Source: Prometheus, "Exposition formats".
 */
final class PrometheusParser {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** Everything under one name. */
    record Family(String help, String type, List<Sample> samples) {}

    /** One line. */
    record Sample(Map<String, String> labels, double value) {}

    private PrometheusParser() {}

    /** The families by name, in the order of the text. */
    static Map<String, Family> parse(String text) {
        require(text.isEmpty() || text.endsWith("\n"), "the last line must end");
        require(text.indexOf('\r') < 0, "lines end in a newline alone");
        PrometheusParser parser = new PrometheusParser();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); ) {
            i = parser.family(lines, i);
        }
        return parser.families;
    }

    private int family(List<String> lines, int from) {
        Matcher help = matched(HELP, lines.get(from));
        String name = help.group(1);
        require(from + 1 < lines.size(), "the text ends after the help of " + name);
        Matcher type = matched(TYPE, lines.get(from + 1));
        require(type.group(1).equals(name), "the type of another metric under the help of " + name);
        require(name.endsWith("_total") == type.group(2).equals("counter"), name + " and its type do not go together");
        List<Sample> samples = new ArrayList<>();
        var seen = new TreeSet<String>();
        int at = from + 2;
        for (; at < lines.size() && !lines.get(at).startsWith("#"); at++) {
            Matcher sample = matched(SAMPLE, lines.get(at));
            require(sample.group(1).equals(name), "a value of " + sample.group(1) + " in the family " + name);
            Map<String, String> labels = labels(sample.group(2));
            require(seen.add(labels.toString()), name + " has a value twice for " + labels);
            samples.add(new Sample(labels, Double.parseDouble(sample.group(3))));
        }
        require(!samples.isEmpty(), name + " has no value");
        require(
                families.put(name, new Family(unescaped(help.group(2)), type.group(2), samples)) == null,
                name + " comes twice");
        return at;
    }

    private static Map<String, String> labels(String braced) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (braced == null) {
            return labels;
        }
        String inner = braced.substring(1, braced.length() - 1);
        Matcher label = LABEL.matcher(inner);
        int at = 0;
        while (at < inner.length()) {
            require(label.find(at) && label.start() == at, "no label at " + inner.substring(at));
            require(labels.put(label.group(1), unescaped(label.group(2))) == null, "a label twice in " + inner);
            at = label.end();
        }
        require(!labels.isEmpty() && !inner.endsWith(","), "labels end badly: " + inner);
        return labels;
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
                require(i < text.length(), "a backslash at the end of " + text);
                plain.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        require(matcher.matches(), "not of the form " + pattern + ": " + line);
        return matcher;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
