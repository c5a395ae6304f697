package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of the archive, held against systemd's own checks. */
final class SystemdUnitTest {
    private static final Path UNIT = Path.of("..", "agent", "dist", "systemd", "sotto.service");
    private static final String PROGRAM = "/opt/sotto/bin/sotto";
    /** Tenths of systemd's scale from 0 to 10, on which a service without any of this has 96. */
    private static final int EXPOSURE_MAX = 17;

    @TempDir
    private Path directory;

    /** A copy whose program exists. */
    private Path unit() throws IOException {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "systemd-analyze"))),
                "there is no systemd-analyze on the PATH to check the unit (Debian package systemd)");
        Path program = Files.writeString(directory.resolve("sotto"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String text = Files.readString(UNIT);
        assertThat(text).contains("ExecStart=" + PROGRAM + " agent ");
        return Files.writeString(directory.resolve("sotto.service"), text.replace(PROGRAM, program.toString()));
    }

    @Test
    void systemdFindsNoFaultInTheUnit() throws IOException {
        Command verify = Command.run(List.of("systemd-analyze", "--man=no", "verify", unit().toString()));
        assertThat(verify.exit()).as(verify.err()).isZero();
        assertThat(verify.err().lines().filter(line -> line.contains("sotto.service")))
                .isEmpty();
    }

    @Test
    void systemdCountsTheServiceAmongThoseThatAreWellShutIn() throws IOException {
        Command security = Command.run(List.of(
                "systemd-analyze",
                "--no-pager",
                "security",
                "--offline=true",
                "--threshold=" + EXPOSURE_MAX,
                unit().toString()));
        assertThat(security.exit()).as(security.out() + security.err()).isZero();
        assertThat(security.out()).contains("Overall exposure level for sotto.service");
    }

    @Test
    void aUnitWithALooserSandboxIsTold() throws IOException {
        Path loose = unit();
        Files.writeString(loose, Files.readString(loose).replace("ProtectSystem=strict", "ProtectSystem=no"));
        Command security = Command.run(List.of(
                "systemd-analyze",
                "--no-pager",
                "security",
                "--offline=true",
                "--threshold=" + EXPOSURE_MAX,
                loose.toString()));
        assertThat(security.exit()).isEqualTo(1);
    }
}
