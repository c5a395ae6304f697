package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.health.HealthSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each fenced block of {@code docs/start/discovery.md}: Java is compiled, settings are read, the dependency exists. */
class DiscoveryPageTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";

    private record Block(String language, String text) {}

    @TestFactory
    Stream<DynamicTest> everyBlockIsReal() throws IOException {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(
                        block.language() + ": "
                                + block.text().lines().findFirst().orElse(""),
                        () -> isReal(block)));
    }

    private static void isReal(Block block) {
        switch (block.language()) {
            case "java" -> assertThat(squeezed(source())).contains(squeezed(block.text()));
            case "hocon" -> isRead(block.text());
            case "xml" -> exists(block.text());
            default -> throw new AssertionError("who checks a block of " + block.language() + "?");
        }
    }

    @Test
    void thereAreBlocksOfAllKinds() throws IOException {
        assertThat(blocks())
                .extracting(Block::language)
                .contains("java", "hocon", "xml")
                .hasSizeGreaterThan(10);
    }

    /** Read with the settings of all modules beneath, by what reads them when a node runs. */
    private static void isRead(String text) {
        Config config = ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.parseMap(Map.of("GOSSIP_KEY", KEY)))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        Config reference = ConfigFactory.defaultReference();
        ConfigFactory.parseString(text)
                .root()
                .keySet()
                .forEach(root -> assertThat(reference.hasPath(root)).as(root).isTrue());
        List<Supplier<Object>> readers = List.of(
                () -> ServiceRules.of(config.getConfig("pekko.discovery.sotto")),
                () -> DiscoveryJoinSettings.of(config.getConfig("sotto.discovery-join")),
                () -> HealthSettings.of(config.getConfig("sotto")));
        readers.forEach(reader -> assertThatCode(reader::get).doesNotThrowAnyException());
        classes(config)
                .forEach(name ->
                        assertThatCode(() -> Class.forName(name)).as(name).doesNotThrowAnyException());
    }

    private static List<String> classes(Config config) {
        return config.entrySet().stream()
                .map(entry -> String.valueOf(entry.getValue().unwrapped()))
                .filter(value -> value.matches("io\\.sotto\\.[a-z.]+\\.[A-Z][A-Za-z$]+"))
                .toList();
    }

    private static void exists(String text) {
        String pom = text("pom.xml").replaceAll("\\s+", "");
        Matcher artifact = Pattern.compile("<artifactId>([^<]+)</artifactId>").matcher(text);
        assertThat(artifact.find()).isTrue();
        assertThat(pom).contains("<artifactId>" + artifact.group(1) + "</artifactId><version>${project.version}");
    }

    private static String source() {
        return text("modules/discovery/src/test/java/io/sotto/discovery/DiscoveryPage.java");
    }

    private static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static List<Block> blocks() throws IOException {
        Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve("docs/start/discovery.md")));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
