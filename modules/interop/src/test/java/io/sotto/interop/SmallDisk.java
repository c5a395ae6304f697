package io.sotto.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A file system of a few pages in memory that can be filled and made read-only, which takes the rights to mount one. */
final class SmallDisk implements AutoCloseable {
    private static final String FILLER = "filler";
    private static final int PAGE_BYTES = 4_096;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /**
     * Mounts it on {@code root}, an empty directory.
     *
     * @throws TestAbortedException saying why, if this process may not mount anything
     */
    static SmallDisk mount(Path root) {
        try {
            Files.createDirectories(root);
            Command mounted =
                    Command.run(List.of("mount", "-t", "tmpfs", "-o", "size=64k,mode=0755", "tmpfs", root.toString()));
            if (mounted.exit() != 0) {
                throw skipped("mount: exit code " + mounted.exit() + ": "
                        + mounted.err().strip());
            }
        } catch (IOException | UncheckedIOException e) {
            throw skipped(e.toString());
        }
        return new SmallDisk(root);
    }

    private static TestAbortedException skipped(String reason) {
        String text = "no small disk can be mounted here (" + reason + ")";
        System.err.println("******** SKIPPED: full and read-only disks: " + text + " ********");
        return new TestAbortedException(text);
    }

    Path root() {
        return root;
    }

    /** Leaves no byte free. */
    void fill() {
        try (OutputStream out = Files.newOutputStream(root.resolve(FILLER))) {
            byte[] page = new byte[PAGE_BYTES];
            for (int i = 0; i < 1_000; i++) {
                out.write(page);
            }
        } catch (IOException full) {
            return;
        }
        throw new AssertionError(root + " is not as small as it was mounted");
    }

    /** Undoes {@link #fill}. */
    void free() throws IOException {
        Files.delete(root.resolve(FILLER));
    }

    void readOnly() {
        Command.output(List.of("mount", "-o", "remount,ro", root.toString()));
    }

    void writable() {
        Command.output(List.of("mount", "-o", "remount,rw", root.toString()));
    }

    @Override
    public void close() {
        Command.output(List.of("umount", "-l", root.toString()));
    }
}
