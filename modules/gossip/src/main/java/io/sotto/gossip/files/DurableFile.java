package io.sotto.gossip.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One file that is only ever replaced as a whole: a crash, a {@code kill -9} or a full disk at any moment leaves the old
 * content or the new one, never none and never a mixture.
 *
 * <p>A replacement is written in full to a temporary file beside the target ({@code NAME.<digits>.tmp}, created with the
 * final mode), synchronised, renamed over the target, and the directory is synchronised. What a killed process leaves of
 * it is harmless and removed by the next {@link #replace} or {@link #clean}. A target that is a symbolic link stays one: the
 * file it names is replaced.
 *
 * <p>All methods block on the disk. A file has one writer at a time; a second one may lose its replacement, with an error,
 * but never harms the file. Source: ours; security rules, "keys on disk are always the old set or the new set".
 */
public final class DurableFile {
    /** Who may read the file, and a directory made for it. */
    public enum Readers {
        /** Nobody but its owner: for secrets. Modes 0600 and 0700. */
        OWNER("rw-------", "rwx------"),
        /** All users of the machine, as far as the process's mask permits. Modes 0644 and 0755. */
        EVERYBODY("rw-r--r--", "rwxr-xr-x");

        private final String fileMode;
        private final String directoryMode;

        Readers(String fileMode, String directoryMode) {
            this.fileMode = fileMode;
            this.directoryMode = directoryMode;
        }

        private FileAttribute<?> ofFile() {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(fileMode));
        }

        private FileAttribute<?> ofDirectory() {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(directoryMode));
        }
    }

    /** The steps of a replacement, in order. */
    enum Step {
        CREATE,
        WRITE,
        SYNC,
        RENAME,
        SYNC_DIRECTORY
    }

    /** Is told before each step; a test may fail it or end there. */
    interface Steps {
        void before(Step step) throws IOException;
    }

    /** How many links a name may lead through; Linux's own bound. */
    private static final int LINKS_MAX = 40;

    private static final String TEMPORARY = ".tmp";

    private final Path path;
    private final Readers readers;
    private final Steps steps;

    DurableFile(Path path, Readers readers, Steps steps) {
        this.path = path.toAbsolutePath();
        this.readers = readers;
        this.steps = steps;
    }

    public static DurableFile of(Path path, Readers readers) {
        return new DurableFile(path, readers, step -> {});
    }

    /**
     * Makes the directory of the file, and those above it, where they are missing.
     *
     * @throws FileFault naming the directory
     */
    public void makeDirectory() throws FileFault {
        Path directory = directoryOf(path);
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = directory; at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        try {
            for (Path each : missing) {
                Files.createDirectories(each, readers.ofDirectory());
                synchronise(directoryOf(each));
            }
        } catch (IOException e) {
            throw new FileFault("mkdir", directory, e);
        }
    }

    /**
     * Replaces the file. The directory must be there: one that has vanished is an error, since what else was in it is gone
     * too.
     *
     * @return empty when the new content is on the disk; a warning when it is in place, for every reader to see, but the
     *     directory could not be synchronised, so that a power failure might bring the old content back
     * @throws FileFault if nothing was replaced: the old file, or its absence, is as it was
     */
    public Optional<String> replace(byte[] content) throws FileFault {
        String action = "open";
        Path target = path;
        Optional<Path> temporary = Optional.empty();
        try {
            target = followed(path);
            Path directory = directoryOf(target);
            removeLeftovers(directory, target);
            steps.before(Step.CREATE);
            Path created = Files.createTempFile(directory, target.getFileName() + ".", TEMPORARY, readers.ofFile());
            temporary = Optional.of(created);
            action = "write";
            fill(created, content);
            action = "rename";
            steps.before(Step.RENAME);
            Files.move(created, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            temporary.ifPresent(DurableFile::discard);
            throw new FileFault(action, target, e);
        }
        return afterRename(target);
    }

    /**
     * Removes the file, for good: after a power failure too. One that is not there is removed already.
     *
     * @throws FileFault if it may be there still
     */
    public void remove() throws FileFault {
        Path target = path;
        try {
            target = followed(path);
            if (Files.deleteIfExists(target)) {
                synchronise(directoryOf(target));
            }
        } catch (IOException e) {
            throw new FileFault("remove", target, e);
        }
    }

    /** Removes what a killed process has left of a replacement; what cannot be removed stays. For the start of a process. */
    public void clean() {
        try {
            Path target = followed(path);
            removeLeftovers(directoryOf(target), target);
        } catch (IOException e) {
            // Whoever reads or replaces the file is told what is wrong with the path.
        }
    }

    private void fill(Path created, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(created, StandardOpenOption.WRITE)) {
            steps.before(Step.WRITE);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            steps.before(Step.SYNC);
            channel.force(true);
        }
    }

    /** From here on the new content is in place, whatever happens. */
    private Optional<String> afterRename(Path target) {
        Path directory = directoryOf(target);
        try {
            steps.before(Step.SYNC_DIRECTORY);
            synchronise(directory);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("sync " + directory + ": " + FileFault.reasonOf(e));
        }
    }

    private static void synchronise(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void removeLeftovers(Path directory, Path target) {
        Pattern leftover = Pattern.compile(Pattern.quote(target.getFileName() + ".") + "(\\d+\\.)?tmp");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                directory,
                entry -> leftover.matcher(String.valueOf(entry.getFileName())).matches()
                        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(DurableFile::discard);
        } catch (IOException | RuntimeException e) {
            // Leftovers do no harm; a directory that cannot be listed shows when the file is written.
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // It is ours alone to read, and the next replacement tries again.
        }
    }

    /** The file that a chain of symbolic links names, which need not exist. */
    private static Path followed(Path path) throws IOException {
        Path at = path;
        for (int links = 0; links < LINKS_MAX; links++) {
            if (!Files.isSymbolicLink(at)) {
                return at;
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        throw new FileSystemLoopException(path.toString());
    }

    private static Path directoryOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " is a file system's root, not a file");
        }
        return parent;
    }
}
