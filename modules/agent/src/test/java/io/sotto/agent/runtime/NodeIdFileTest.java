package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdFileTest {
    private static final String FIRST = "11111111-1111-4111-8111-111111111111";
    private static final String SECOND = "22222222-2222-4222-8222-222222222222";

    @TempDir
    private Path directory;

    @Test
    void keepsAFreshIdForTheNextStart() {
        Path dataDir = directory.resolve("not/yet/there");
        assertThat(NodeIdFile.resolve(Optional.empty(), Optional.of(dataDir), () -> FIRST))
                .isEqualTo(FIRST);
        assertThat(NodeIdFile.resolve(Optional.empty(), Optional.of(dataDir), () -> SECOND))
                .isEqualTo(FIRST);
        assertThat(dataDir.resolve("node-id")).hasContent(FIRST);
    }

    @Test
    void aConfiguredIdWinsAndIsKept() {
        NodeIdFile.resolve(Optional.empty(), Optional.of(directory), () -> FIRST);
        assertThat(NodeIdFile.resolve(Optional.of(SECOND), Optional.of(directory), () -> FIRST))
                .isEqualTo(SECOND);
        assertThat(directory.resolve("node-id")).hasContent(SECOND);
    }

    @Test
    void withoutADirectoryEveryStartHasAFreshId() {
        assertThat(NodeIdFile.resolve(Optional.empty(), Optional.empty(), () -> FIRST))
                .isEqualTo(FIRST);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFileThatHoldsNoIdIsRefusedAndNotOverwritten() throws IOException {
        Files.writeString(directory.resolve("node-id"), "hello");
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> NodeIdFile.resolve(Optional.empty(), Optional.of(directory), () -> FIRST))
                .withMessageContaining("node-id")
                .withMessageContaining("does not hold a UUID");
        assertThat(directory.resolve("node-id")).hasContent("hello");
    }

    @Test
    void aDirectoryThatIsAFileIsRefusedWithItsName() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> NodeIdFile.resolve(Optional.empty(), Optional.of(file), () -> FIRST))
                .withMessage("Failed to setup node ID: mkdir " + file + ": not a directory");
    }

    @Test
    void anIdThatCannotBeKeptIsRefusedWithTheFileAndTheReason() throws IOException {
        Files.createDirectories(directory.resolve("node-id/in the way"));
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> NodeIdFile.resolve(Optional.empty(), Optional.of(directory), () -> FIRST))
                .withMessage("Failed to setup node ID: open " + directory.resolve("node-id") + ": is a directory");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAtTheNextStart() throws IOException {
        Files.writeString(directory.resolve("node-id.4711.tmp"), "1111");
        NodeIdFile.resolve(Optional.empty(), Optional.of(directory), () -> FIRST);
        assertThat(directory.toFile().list()).containsExactly("node-id");
    }
}
