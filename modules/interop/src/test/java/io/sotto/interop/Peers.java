package io.sotto.interop;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where the real programs are: what {@code modules/interop/peers/fetch} wrote into its cache, else what this machine has
 * installed. {@code SOTTO_} and a peer's name in capitals, such as {@code SOTTO_NOMAD}, say where that one is. The cache is {@code SOTTO_PEERS} (environment or system property), or the one that the script uses by itself.
 */
final class Peers {
    /** Peers that must be there, separated by commas: a test that needs one then fails instead of being skipped. */
    private static final List<String> REQUIRED =
            Arrays.asList(setting("SOTTO_PEERS_REQUIRED").orElse("").split(","));

    private static final Properties FOUND = read(cache().resolve("peers.properties"));

    private Peers() {}

    /** The program of this name; throws for one that was never found, which {@link NeedsPeer} prevents. */
    static Path program(String peer) {
        return find(peer).orElseThrow(() -> new IllegalStateException("no real " + peer + ": " + whyMissing(peer)));
    }

    /** The programs among these that are there, in order. */
    static List<Path> programs(String... peers) {
        return Stream.of(peers).map(Peers::find).flatMap(Optional::stream).toList();
    }

    static Optional<Path> find(String peer) {
        return setting("SOTTO_" + peer.toUpperCase(Locale.ROOT).replace('-', '_'))
                .or(() -> Optional.ofNullable(FOUND.getProperty(peer)))
                .map(Path::of)
                .filter(Files::isExecutable)
                .or(() -> onPath(peer));
    }

    static boolean isRequired(String peer) {
        return REQUIRED.contains(peer);
    }

    static String whyMissing(String peer) {
        return FOUND.getProperty(peer + ".missing", "run modules/interop/peers/fetch to get it");
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(setting("PATH").orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path cache() {
        Optional<Path> chosen = setting("SOTTO_PEERS").map(Path::of);
        Path caches =
                setting("XDG_CACHE_HOME").map(Path::of).orElse(Path.of(System.getProperty("user.home"), ".cache"));
        return chosen.orElse(caches.resolve("sotto/peers"));
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(name)))
                .filter(value -> !value.isEmpty());
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }
}
