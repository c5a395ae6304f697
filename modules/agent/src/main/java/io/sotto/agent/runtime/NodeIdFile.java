package io.sotto.agent.runtime;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity of a node in its datacenter, which survives restarts: {@code <data_dir>/node-id}, one UUID.
 *
 * <p>A {@link DurableFile}, so that a crash leaves the old id or the new one. Reads and writes files: call it before the
 * agent starts. Source: agent behaviour, section 1.
 */
final class NodeIdFile {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String NAME = "node-id";
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private NodeIdFile() {}

    /**
     * The configured id, else the one kept, else a new one. Whatever it is, it is kept if there is a directory.
     *
     * @param fresh a new UUID, asked only when none is known
     * @throws StartFailure if the directory or the file cannot be used
     */
    static String resolve(Optional<String> configured, Optional<Path> dataDir, Supplier<String> fresh) {
        if (dataDir.isEmpty()) {
            return configured.orElseGet(fresh);
        }
        Path path = dataDir.get().resolve(NAME);
        DurableFile file = DurableFile.of(path, DurableFile.Readers.EVERYBODY);
        try {
            file.makeDirectory();
            file.clean();
            Optional<String> kept = read(path);
            String id = configured.or(() -> kept).orElseGet(fresh);
            if (kept.isEmpty() || !kept.get().equals(id)) {
                file.replace(id.getBytes(StandardCharsets.US_ASCII))
                        .ifPresent(doubt -> LOG.warn("node ID kept, but: {}", doubt));
            }
            return id;
        } catch (FileFault e) {
            throw new StartFailure("Failed to setup node ID: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartFailure("Failed to setup node ID: open " + path + ": " + FileFault.reasonOf(e), e);
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String id = Files.readString(file).trim().toLowerCase(Locale.ROOT);
        if (!UUID_TEXT.matcher(id).matches()) {
            throw new StartFailure("Failed to setup node ID: " + file
                    + " does not hold a UUID; remove the file to get a new one, or set node_id");
        }
        return Optional.of(id);
    }
}
