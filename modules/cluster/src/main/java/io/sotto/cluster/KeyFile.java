package io.sotto.cluster;

import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A gossip key in a file of its own: base64 on one line, with or without a newline at the end.
 *
 * <p>Blocks on the disk. Source: ours.
 *
 * @param path the file
 * @param readers who else may be able to read it
 */
public record KeyFile(Path path, Readers readers) implements KeySource {
    /** Who may be able to read a file that holds a key. */
    public enum Readers {
        /** Nobody but the owner: a file that group or others can read is refused. */
        OWNER,
        /** Whoever can: the directory is guarded by somebody else, as systemd guards credentials. */
        GUARDED
    }

    private static final int FILE_MAX_BYTES = 1_024;

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Optional<GossipKey> key() throws KeySourceException {
        String text = text();
        try {
            return Optional.of(GossipKey.parse(text));
        } catch (IllegalArgumentException e) {
            // Those of the key say where it goes wrong, not what it is.
            throw new KeySourceException(path + " holds no gossip key: " + e.getMessage(), e);
        }
    }

    /** The first line of the file. */
    public String text() throws KeySourceException {
        try {
            Optional<String> fault = readers == Readers.OWNER ? PrivateFile.fault(path) : Optional.empty();
            if (fault.isPresent()) {
                throw new KeySourceException(fault.get());
            }
            if (Files.size(path) > FILE_MAX_BYTES) {
                throw new KeySourceException(
                        path + " is longer than " + FILE_MAX_BYTES + " bytes: it holds no gossip key");
            }
            String text = Files.readString(path, StandardCharsets.ISO_8859_1).strip();
            if (text.isEmpty()) {
                throw new KeySourceException(path + " is empty: it holds no gossip key");
            }
            return text;
        } catch (IOException e) {
            throw new KeySourceException("open " + path + ": " + FileFault.reasonOf(e), e);
        }
    }
}
