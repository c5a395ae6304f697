package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The configuration files that Consul's and Nomad's own guides print, kept under {@code guides/} as they are printed, load
 * as they stand. Source: the public guides on gossip encryption; the one of the AWS series is put together from its pieces.
 */
class GuidesIT {
    private static final Path GUIDES = Path.of("src", "test", "resources", "guides");

    static List<Path> guides() {
        try (Stream<Path> files = Files.list(GUIDES)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("guides")
    void aGuidesConfigurationIsValidAsItStands(Path guide) throws IOException {
        String text = Files.readString(guide);
        List<String> files =
                new ArrayList<>(List.of(withCertificates(guide, text).toString()));
        if (!text.contains("data_dir")) {
            // Guides that print only the part about encryption mean it as a file beside others; no agent goes without
            // this.
            Path others = NodeFiles.write(
                    NodeFiles.directory("guides").resolve("others.json"), Map.of("data_dir", "/opt/consul"));
            files.add(others.toString());
        }
        Command validate = Command.run(SottoProgram.verb("validate", files.toArray(String[]::new)));

        assertThat(validate.exit()).as(validate.err()).isZero();
        assertThat(validate.out()).contains("Configuration is valid!");
    }

    /** The guides name certificates of the directory that the agent is started in: here they are beside the file. */
    private static Path withCertificates(Path guide, String text) throws IOException {
        Matcher named = Pattern.compile("\"([a-z0-9/-]+\\.(?:pem|cert|key))\"").matcher(text);
        Path directory = NodeFiles.directory("guides " + guide.getFileName());
        StringBuilder placed = new StringBuilder();
        while (named.find()) {
            Path file = directory.resolve(named.group(1).replace('/', '-'));
            Files.writeString(file, "");
            named.appendReplacement(placed, Matcher.quoteReplacement("\"" + file + "\""));
        }
        named.appendTail(placed);
        return Files.writeString(directory.resolve(guide.getFileName()), placed);
    }
}
