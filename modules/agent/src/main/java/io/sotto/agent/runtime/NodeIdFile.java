package io.sotto.agent.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The identity of a node in its datacenter, which survives restarts: {@code <data_dir>/node-id}, one UUID.
 *
 * <p>Written to a temporary file, synchronised, then renamed, so that a crash leaves the old file or the new one. Reads and
 * writes files: call it before the agent starts. Source: agent behaviour, section 1.
 */
final class NodeIdFile {
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
        Path file = dataDir.get().resolve(NAME);
        try {
            Files.createDirectories(dataDir.get());
            Optional<String> kept = read(file);
            String id = configured.or(() -> kept).orElseGet(fresh);
            if (kept.isEmpty() || !kept.get().equals(id)) {
                write(file, id);
            }
            return id;
        } catch (IOException e) {
            throw new StartFailure("Failed to setup node ID: " + reason(file, e), e);
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

    private static void write(Path file, String id) throws IOException {
        Path temporary = file.resolveSibling(NAME + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(id);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "open " + denied.getFile() + ": permission denied";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "mkdir " + file.getParent() + ": not a directory";
        }
        if (e instanceof NoSuchFileException missing) {
            return "open " + missing.getFile() + ": no such file or directory";
        }
        return "open " + file + ": " + e.getMessage();
    }
}
