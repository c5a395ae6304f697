package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Members by keys: what {@code keyring status} prints. Keys are named by ids. Pure.
 *
 * @param rows one line for each, the first of them the heading
 * @param silent who did not answer
 */
record KeyringTable(List<List<String>> rows, List<String> silent) {
    KeyringTable {
        rows = List.copyOf(rows);
        silent = List.copyOf(silent);
    }

    static KeyringTable of(Json status) {
        List<Json> rings = status.get("Rings").asElements();
        Set<String> keys = new TreeSet<>();
        rings.forEach(ring -> ring.get("Keys").asElements().forEach(key -> keys.add(key.asText())));
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("Member"));
        heading.addAll(keys);
        rows.add(heading);
        for (Json ring : rings) {
            List<String> held =
                    ring.get("Keys").asElements().stream().map(Json::asText).toList();
            String primary = ring.get("Primary").asText();
            List<String> row = new ArrayList<>(List.of(ring.get("Member").asText()));
            for (String key : keys) {
                row.add(key.equals(primary) ? "primary" : held.contains(key) ? "held" : "-");
            }
            rows.add(row);
        }
        return new KeyringTable(
                rows,
                status.get("Silent").asElements().stream().map(Json::asText).toList());
    }

    /** Whether every member answered. */
    boolean isWhole() {
        return silent.isEmpty();
    }

    /** Lines, each with its newline. */
    String render() {
        StringBuilder text = new StringBuilder(Columns.format(rows));
        silent.forEach(name -> text.append(name).append(": no answer\n"));
        return text.toString();
    }
}
