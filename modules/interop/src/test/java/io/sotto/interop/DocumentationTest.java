package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages under {@code docs} say, held against what is built. */
final class DocumentationTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9.-]+)` \\| ([^|]*) \\|.*");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void theSettingsPageListsEveryKeyWithItsDefault() throws IOException {
        var documented = documentedSettings();
        var faults = new ArrayList<String>();
        referenceSettings().forEach((key, value) -> {
            var cell = documented.get(key);
            if (cell == null) {
                faults.add(key + " is not on the page");
            } else if (!isEmpty(value) && !cell.equals("`" + value.unwrapped() + "`")) {
                faults.add(key + " is " + value.unwrapped() + ", the page says " + cell);
            }
        });
        assertThat(faults).isEmpty();
    }

    @Test
    void theSettingsPageNamesNoKeyThatDoesNotExist() throws IOException {
        assertThat(referenceSettings().keySet())
                .containsAll(documentedSettings().keySet());
    }

    @Test
    void everyLinkInTheDocumentationLeadsToAFile() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                var directory = page.getParent();
                if (directory == null || !Files.exists(directory.resolve(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static Map<String, ConfigValue> referenceSettings() {
        Config sotto = ConfigFactory.defaultReference().getConfig("sotto");
        var settings = new TreeMap<String, ConfigValue>();
        collect(sotto, "", settings);
        return settings;
    }

    /** Leaves by path; an empty object is a leaf too, and what belongs to Pekko (a dispatcher) is left out. */
    private static void collect(Config config, String prefix, Map<String, ConfigValue> into) {
        config.root().forEach((name, value) -> {
            var path = prefix + name;
            if (value.valueType() == ConfigValueType.OBJECT && !isEmpty(value)) {
                if (!name.endsWith("dispatcher")) {
                    collect(config.getConfig(ConfigUtil.joinPath(name)), path + ".", into);
                }
            } else {
                into.put(path, value);
            }
        });
    }

    private static Map<String, String> documentedSettings() throws IOException {
        var settings = new TreeMap<String, String>();
        for (var line : Files.readAllLines(ROOT.resolve("docs/reference/settings.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                settings.put(row.group(1), row.group(2));
            }
        }
        return settings;
    }

    private static boolean isEmpty(ConfigValue value) {
        var plain = value.unwrapped();
        return plain == null
                || plain.equals("")
                || (plain instanceof Collection<?> list && list.isEmpty())
                || (plain instanceof Map<?, ?> map && map.isEmpty());
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(docs, top)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }
}
