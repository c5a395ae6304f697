package io.sotto.gossip.keys;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A ring on disk: a JSON list of base64 keys, primary first, interchangeable with the files of Serf and Consul.
 *
 * <p>A write goes to a temporary file of mode 0600, is synced, renamed over the old file, and the directory is synced, so
 * that a crash or a full disk leaves the old ring. All methods block on the disk. Source: agent specification, section 3;
 * gossip specification, section 6.2.
 */
public final class KeyringFile {
    /** How the list is laid out. Real agents write a new file in one line and indent it after the first change. */
    public enum Layout {
        COMPACT,
        INDENTED
    }

    private final Path path;

    public KeyringFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** The ring, or empty when there is no file. A file that is no ring is a fault: it never means "no encryption". */
    public Optional<Keyring> load() throws KeyringFault {
        String text;
        try {
            text = Files.readString(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new KeyringFault("open " + path + ": " + e.getMessage(), e);
        }
        List<GossipKey> keys = new ArrayList<>();
        for (String encoded : parse(text)) {
            try {
                keys.add(GossipKey.parse(encoded));
            } catch (IllegalArgumentException e) {
                throw new KeyringFault(e.getMessage() + ": " + path, e);
            }
        }
        if (keys.isEmpty()) {
            throw new KeyringFault("no keys present in keyring: " + path);
        }
        return Optional.of(Keyring.of(keys.get(0), keys.stream().skip(1).toArray(GossipKey[]::new)));
    }

    /** Replaces the file; on a fault the old file is as it was. */
    public void store(Keyring ring, Layout layout) throws KeyringFault {
        Path directory = directory();
        Path temporary = directory.resolve(path.getFileName() + ".tmp");
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(render(ring, layout));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            discard(temporary);
            throw new KeyringFault("cannot write keyring " + path + ": " + e, e);
        }
    }

    /** A ring that did not become the file must not be left lying about. */
    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // What is in the way is no ring of ours, and the write has failed already.
        }
    }

    private Path directory() {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " is a file system's root, not a file");
        }
        return parent;
    }

    private List<String> parse(String text) throws KeyringFault {
        String trimmed = text.strip();
        if (!trimmed.startsWith("[")) {
            throw new KeyringFault(
                    trimmed.isEmpty()
                            ? "unexpected end of JSON input: " + path
                            : "invalid character '" + trimmed.charAt(0) + "' looking for beginning of value: " + path);
        }
        try {
            Config wrapped = ConfigFactory.parseString(
                    "{\"keys\":" + trimmed + "}", ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
            if (wrapped.root().size() == 1) {
                return wrapped.getStringList("keys");
            }
        } catch (ConfigException e) {
            // Falls through without the parser's text, which may quote the file, and with it a key.
        }
        throw new KeyringFault("not a JSON list of base64 keys: " + path);
    }

    private static String render(Keyring ring, Layout layout) {
        List<String> quoted = ring.keys().stream()
                .map(key -> '"' + key.toBase64(KeyAccess.KEYRING_FILE) + '"')
                .toList();
        return layout == Layout.COMPACT
                ? quoted.stream().collect(Collectors.joining(",", "[", "]"))
                : quoted.stream().collect(Collectors.joining(",\n  ", "[\n  ", "\n]"));
    }
}
