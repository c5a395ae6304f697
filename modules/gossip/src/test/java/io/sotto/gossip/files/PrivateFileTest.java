package io.sotto.gossip.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-r--r--", "rwxrwxrwx"})
    void aFileThatOthersMayReadOrWriteIsRefusedWithWhatMendsIt(String mode) throws IOException {
        Path key = file(mode);

        assertThat(PrivateFile.fault(key))
                .contains(key + " can be read or written by others than its owner (mode " + mode + "); run: chmod 600 "
                        + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx--x--x"})
    void aFileThatOnlyItsOwnerReadsAndWritesIsTaken(String mode) throws IOException {
        assertThat(PrivateFile.fault(file(mode))).isEmpty();
    }

    @Test
    void aLinkIsAsOpenAsTheFileThatItNames() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("rw-r--r--"));

        assertThat(PrivateFile.fault(link))
                .hasValueSatisfying(fault -> assertThat(fault).contains("chmod 600 " + link));
    }

    @Test
    void whatIsNotThereIsNoFault() {
        assertThat(PrivateFile.fault(directory.resolve("none"))).isEmpty();
    }

    private Path file(String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), "secret");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
