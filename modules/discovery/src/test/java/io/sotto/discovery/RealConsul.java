package io.sotto.discovery;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where the real {@code consul} is: named by {@code SOTTO_CONSUL}, in the cache that {@code modules/interop/peers/fetch} fills,
 * or on the path.
 */
final class RealConsul {
    private RealConsul() {}

    static Optional<Path> find() throws IOException {
        Optional<String> named = setting("SOTTO_CONSUL").or(RealConsul::cached);
        return Stream.concat(
                        named.map(Path::of).stream(),
                        Stream.of(setting("PATH").orElse("").split(":")).map(directory -> Path.of(directory, "consul")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether tests without it fail instead of being skipped. */
    static boolean isRequired() {
        return Stream.of(setting("SOTTO_PEERS_REQUIRED").orElse("").split(",")).anyMatch("consul"::equals);
    }

    private static Optional<String> cached() {
        Path caches =
                setting("XDG_CACHE_HOME").map(Path::of).orElse(Path.of(System.getProperty("user.home"), ".cache"));
        Path peers = setting("SOTTO_PEERS").map(Path::of).orElse(caches.resolve("sotto/peers"));
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(peers.resolve("peers.properties"))) {
            found.load(reader);
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(found.getProperty("consul"));
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(name)))
                .filter(value -> !value.isEmpty());
    }
}
