package io.sotto.gossip.snapshot;

import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.membership.snapshot.SnapshotBook;
import io.sotto.membership.snapshot.SnapshotJournal.Write;
import io.sotto.wire.WireText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A snapshot on disk, interchangeable with Serf's. Made with mode 0600; replaced as a {@link DurableFile}. What is appended
 * survives the process at once, and a power failure when the operating system has written it.
 *
 * <p>All methods block on the disk. One writer. Source: gossip specification, section 17.8.
 */
final class SnapshotFile {
    /**
     * What was read.
     *
     * @param bytes how long the file is
     * @param isSound whether lines may be appended to it
     */
    record Loaded(SnapshotBook book, long bytes, boolean isSound) {}

    /** A name of the greatest length and its address take a third of it; what is longer is no line of ours. */
    private static final int LINE_MAX_BYTES = 4_096;

    private static final Set<PosixFilePermission> OF_OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final DurableFile file;
    /** Once there was a file, a directory that is missing has been taken away, with what else was in it: a fault. */
    private volatile boolean wasThere;

    SnapshotFile(Path path) {
        this.path = path;
        this.file = DurableFile.of(path, DurableFile.Readers.OWNER);
    }

    Path path() {
        return path;
    }

    /**
     * Replays the file into {@code book}; one that is not there is empty and not sound.
     *
     * @throws IOException when there is one that cannot be read; then {@code book} may hold a part of it
     */
    Loaded load(SnapshotBook book) throws IOException {
        file.clean();
        try (InputStream in = Files.newInputStream(path)) {
            wasThere = true;
            boolean isOurs = OF_OWNER.containsAll(Files.getPosixFilePermissions(path));
            Lines lines = new Lines(book);
            byte[] chunk = new byte[1 << 16];
            long bytes = 0;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                lines.take(chunk, count);
                bytes += count;
            }
            return new Loaded(book, bytes, isOurs && lines.isWhole());
        } catch (NoSuchFileException e) {
            return new Loaded(book, 0, false);
        }
    }

    /**
     * Does as it is told.
     *
     * @return a warning when the new content is in place, but a power failure might bring the old one back
     * @throws IOException when nothing, or perhaps only a part, was written
     */
    Optional<String> write(Write write) throws IOException {
        return switch (write.way()) {
            case APPEND -> {
                append(write);
                yield Optional.empty();
            }
            case REPLACE -> {
                if (!wasThere) {
                    file.makeDirectory();
                }
                Optional<String> doubt = file.replace(write.bytes().toArray());
                wasThere = true;
                yield doubt;
            }
        };
    }

    /** Why something failed, for an operator: what was done, to which file, and the operating system's words. */
    String fault(String action, IOException failure) {
        return failure instanceof FileFault known
                ? String.valueOf(known.getMessage())
                : action + " " + path + ": " + FileFault.reasonOf(failure);
    }

    private void append(Write write) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = write.bytes().asReadOnlyBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Cuts bytes into lines, none of which is kept beyond its greatest length. */
    private static final class Lines {
        private final SnapshotBook book;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean isTooLong;

        Lines(SnapshotBook book) {
            this.book = book;
        }

        void take(byte[] chunk, int count) {
            for (int i = 0; i < count; i++) {
                if (chunk[i] == '\n') {
                    end();
                } else if (line.size() < LINE_MAX_BYTES) {
                    line.write(chunk[i]);
                } else {
                    isTooLong = true;
                }
            }
        }

        /** Whether nothing follows the last newline. */
        boolean isWhole() {
            return line.size() == 0;
        }

        private void end() {
            if (isTooLong) {
                book.skip();
            } else {
                book.replay(WireText.decode(line.toByteArray(), 0, line.size()));
            }
            line.reset();
            isTooLong = false;
        }
    }
}
