package io.sotto.gossip.keys;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A ring on disk: a JSON list of base64 keys, primary first, interchangeable with the files of Serf and Consul.
 *
 * <p>Mode 0600, replaced as a {@link DurableFile}, so that a crash or a full disk leaves the old ring. All methods block on
 * the disk. Source: agent specification, section 3; gossip specification, section 6.2.
 */
public final class KeyringFile {
    /** How the list is laid out. Real agents write a new file in one line and indent it after the first change. */
    public enum Layout {
        /** For a new file, in one line; its directory is made, mode 0700, if it is missing. */
        COMPACT,
        /** For a ring that changed, one key in a line; a directory that has gone is a fault. */
        INDENTED
    }

    private static final String NO_LIST = "not a JSON list of base64 keys: ";

    private final Path path;
    private final DurableFile file;

    public KeyringFile(Path path) {
        this.path = path;
        this.file = DurableFile.of(path, DurableFile.Readers.OWNER);
    }

    public Path path() {
        return path;
    }

    /** A fault if others than its owner may read or write the file; none if there is no file. */
    void requirePrivate() throws KeyringFault {
        Optional<String> fault = PrivateFile.fault(path);
        if (fault.isPresent()) {
            throw new KeyringFault(fault.get());
        }
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

    /**
     * Replaces the file; on a fault the old file is as it was.
     *
     * @return a warning when the new ring is in place, but a power failure might bring the old one back
     */
    public Optional<String> store(Keyring ring, Layout layout) throws KeyringFault {
        try {
            if (layout == Layout.COMPACT) {
                file.makeDirectory();
            }
            return file.replace(render(ring, layout).getBytes(StandardCharsets.US_ASCII));
        } catch (FileFault e) {
            throw new KeyringFault("cannot write keyring " + path + ": " + e.reason(), e);
        }
    }

    /** Removes the file: there is no ring any more. */
    public void remove() throws KeyringFault {
        try {
            file.remove();
        } catch (FileFault e) {
            throw new KeyringFault("cannot remove keyring " + path + ": " + e.reason(), e);
        }
    }

    /** Removes what a killed process may have left beside the file. */
    public void clean() {
        file.clean();
    }

    private List<String> parse(String text) throws KeyringFault {
        String trimmed = text.strip();
        if (!trimmed.startsWith("[")) {
            throw new KeyringFault(
                    trimmed.isEmpty()
                            ? "unexpected end of JSON input: " + path
                            : "invalid character '" + trimmed.charAt(0) + "' looking for beginning of value: " + path);
        }
        if (trimmed.indexOf('[', 1) >= 0 || trimmed.indexOf('{') >= 0) {
            // Neither is in base64, and the parser would follow them down as deep as they go.
            throw new KeyringFault(NO_LIST + path);
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
        throw new KeyringFault(NO_LIST + path);
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
