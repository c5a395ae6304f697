package io.sotto.gossip.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Whether a file that holds keys is its owner's alone. Stateless; blocks on the disk. Source: security rules. */
public final class PrivateFile {
    private static final Set<PosixFilePermission> TOO_MUCH = Set.copyOf(EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE));

    private PrivateFile() {}

    /**
     * Why the file is not to be trusted with keys, with what mends it: {@code /etc/key can be read or written by others than
     * its owner (mode rw-r--r--); run: chmod 600 /etc/key}. Empty if it is, if there is none, and where files have no modes.
     * The mode is that of the file itself, also if the path is a symbolic link.
     */
    public static Optional<String> fault(Path path) {
        Set<PosixFilePermission> mode;
        try {
            mode = Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException | NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the mode of " + path + " cannot be read: " + e.getMessage());
        }
        return mode.stream().anyMatch(TOO_MUCH::contains)
                ? Optional.of(path + " can be read or written by others than its owner (mode "
                        + PosixFilePermissions.toString(mode) + "); run: chmod 600 " + path)
                : Optional.empty();
    }
}
