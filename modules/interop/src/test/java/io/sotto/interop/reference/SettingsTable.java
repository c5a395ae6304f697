package io.sotto.interop.reference;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings by key, each with its default and what the comment above it in its {@code reference.conf} says; a key that shares the
 * comment of the one above it says so. What belongs to Pekko, a dispatcher, is left out.
 */
final class SettingsTable {
    private final Map<String, String> rows = new LinkedHashMap<>();

    SettingsTable() {
        collect(ConfigFactory.defaultReference().getConfig("sotto").root(), "");
        // On no class path beside the others: it is made for another Pekko.
        Config discovery = ConfigFactory.parseFile(
                        Path.of("..", "discovery", "src", "main", "resources", "reference.conf")
                                .toFile())
                .resolve();
        collect(discovery.getConfig("sotto").root(), "");
        collect(
                discovery
                        .getConfig("pekko.discovery.sotto")
                        .withoutPath("services")
                        .root(),
                "pekko.discovery.sotto.");
    }

    /** The first three cells of the row of one key; empty if there is no such setting. */
    Optional<String> row(String key) {
        return Optional.ofNullable(rows.get(key));
    }

    Collection<String> keys() {
        return rows.keySet();
    }

    private void collect(ConfigObject section, String prefix) {
        // As they stand in their file: who has no comment of his own shares that of the one above.
        List<Map.Entry<String, ConfigValue>> inOrder = new ArrayList<>(section.entrySet());
        inOrder.sort(Comparator.comparing((Map.Entry<String, ConfigValue> entry) ->
                        String.valueOf(entry.getValue().origin().url()))
                .thenComparingInt(entry -> entry.getValue().origin().lineNumber()));
        String shared = "";
        for (Map.Entry<String, ConfigValue> entry : inOrder) {
            String key = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            if (value.valueType() == ConfigValueType.OBJECT && !isEmpty(value)) {
                if (!entry.getKey().endsWith("dispatcher")) {
                    collect((ConfigObject) value, key + ".");
                }
                continue;
            }
            String comment = value.origin().comments().stream()
                    // What is set in is an item of a list.
                    .map(line -> line.startsWith("   ") ? "<br>" + line.strip().replaceFirst(" {2,}", ": ") : line)
                    .collect(Collectors.joining(" "))
                    .strip()
                    .replaceAll("\\s+", " ")
                    .replace("|", "\\|");
            if (!comment.isEmpty()) {
                shared = key;
            }
            String means = comment.isEmpty() ? "See `" + shared + "`." : comment;
            rows.put(
                    key,
                    "| `" + key + "` | " + (isEmpty(value) ? "none" : "`" + value.unwrapped() + "`") + " | " + means
                            + " |");
        }
    }

    private static boolean isEmpty(ConfigValue value) {
        Object plain = value.unwrapped();
        return plain == null
                || plain.equals("")
                || (plain instanceof Collection<?> list && list.isEmpty())
                || (plain instanceof Map<?, ?> map && map.isEmpty());
    }
}
