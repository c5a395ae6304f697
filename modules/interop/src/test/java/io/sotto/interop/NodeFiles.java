package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Directories of the nodes, kept under {@code target/interop} for reading after a failure; and JSON to and from text. */
final class NodeFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NodeFiles() {}

    /** A new, empty directory for the nodes of one test. */
    static Path directory(String test) {
        Path directory = Path.of("target", "interop", test).toAbsolutePath();
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> old = Files.walk(directory)) {
                    for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path file, Map<String, ?> settings) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file of settings in sotto's own form. */
    static Path write(Path file, String settings) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(file, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a ring of one key, which only its owner can read. */
    static Path ring(Path file, String key) {
        try {
            Files.writeString(file, "[\"" + key + "\"]");
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until each of these files is a ring of just these keys, in their order. */
    static void awaitRings(List<Path> rings, String... keys) {
        Awaitility.await("equal rings")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    for (Path ring : rings) {
                        List<String> held = new ArrayList<>();
                        parse(Files.readString(ring)).forEach(key -> held.add(key.asText()));
                        assertThat(held).as("%s", ring).containsExactly(keys);
                    }
                });
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
