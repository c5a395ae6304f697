package io.sotto.agent.golden;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of an exchange, as facts that can be compared one by one: of JSON each value by its path, of an info page each line
 * by section and name, of all other text each line by its number.
 *
 * @param facts by name, in the order in which they were told
 */
public record Told(Map<String, String> facts) {
    private static final String INFO_SECTION = "[a-z_]+:";

    /** An answer over HTTP; {@code contentType} is {@code None} where there is no body. */
    public static Told answer(int status, String contentType, String body) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("status", Integer.toString(status));
        facts.put("content-type", contentType);
        if (contentType.equals("application/json")) {
            try {
                flatten("", Json.parse(body), facts);
            } catch (JsonException e) {
                facts.put("unreadable", e.text());
            }
        } else {
            lines("body", body, facts);
        }
        return new Told(facts);
    }

    /** What a verb printed. */
    public static Told printed(int exit, String out, String err) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("exit", Integer.toString(exit));
        if (out.lines().findFirst().filter(line -> line.matches(INFO_SECTION)).isPresent()) {
            sections(out, facts);
        } else {
            lines("out", out, facts);
        }
        lines("err", err, facts);
        return new Told(facts);
    }

    /** Members and metrics come in any order from real agents. */
    private static void flatten(String path, Json json, Map<String, String> facts) {
        if (json instanceof Json.Fields fields) {
            facts.put(path + "{}", "");
            fields.fields().forEach((name, value) -> flatten(path + "." + name, value, facts));
        } else if (json instanceof Json.Elements elements) {
            facts.put(path + "[]", "");
            List<Json> sorted = new ArrayList<>(elements.elements());
            sorted.sort(Comparator.comparing(element -> element.get("Name").asText()));
            for (int i = 0; i < sorted.size(); i++) {
                String name = sorted.get(i).get("Name").asText();
                flatten(path + "[" + (name.isEmpty() ? i : name) + "]", sorted.get(i), facts);
            }
        } else if (json instanceof Json.Numeral number) {
            facts.put(
                    path, new BigDecimal(number.literal()).stripTrailingZeros().toPlainString());
        } else {
            facts.put(path, json.compact());
        }
    }

    private static void sections(String out, Map<String, String> facts) {
        String section = "";
        for (String line : out.split("\n", -1)) {
            int equals = line.indexOf(" = ");
            if (line.matches(INFO_SECTION)) {
                section = line.substring(0, line.length() - 1);
                facts.put(section, "");
            } else if (line.startsWith("\t") && equals > 0) {
                facts.put(section + "." + line.substring(1, equals), line.substring(equals + 3));
            } else {
                facts.put("after " + section, line);
            }
        }
    }

    private static void lines(String of, String text, Map<String, String> facts) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            facts.put(of + " " + (i + 1), lines[i]);
        }
    }

    /** What differs between this and {@code ours}, by fact: the order of facts that both have among it. */
    Map<String, Difference> differences(Told ours) {
        Map<String, Difference> differences = new TreeMap<>();
        facts.forEach((name, real) -> {
            String other = ours.facts.get(name);
            if (!real.equals(other)) {
                differences.put(name, new Difference(real, other == null ? Difference.NOTHING : other));
            }
        });
        ours.facts.forEach((name, other) -> {
            if (!facts.containsKey(name)) {
                differences.put(name, new Difference(Difference.NOTHING, other));
            }
        });
        List<String> theirOrder =
                facts.keySet().stream().filter(ours.facts::containsKey).toList();
        List<String> ourOrder =
                ours.facts.keySet().stream().filter(facts::containsKey).toList();
        if (!theirOrder.equals(ourOrder)) {
            differences.put("order", new Difference(theirOrder.toString(), ourOrder.toString()));
        }
        return differences;
    }

    /**
     * One fact that is not the same.
     *
     * @param real what a real agent told
     * @param ours what sotto told
     */
    record Difference(String real, String ours) {
        static final String NOTHING = "(nothing)";

        @Override
        public String toString() {
            return "real «" + real + "» ours «" + ours + "»";
        }
    }
}
