package io.sotto.gossip.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DurableFileTest {
    /** The end of the process, as far as a test can have one: nothing of ours runs after it. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void setUp() throws IOException {
        path = directory.resolve("secret");
        Files.writeString(path, "old");
    }

    @Test
    void aReplacementIsTheNewContentAndNothingIsLeftBesideIt() throws Exception {
        assertThat(secret().replace(bytes("new"))).isEmpty();

        assertThat(path).hasContent("new");
        assertThat(names()).containsExactly("secret");
    }

    @Test
    void theStepsComeInTheOnlyOrderThatLosesNothing() throws Exception {
        List<DurableFile.Step> seen = new ArrayList<>();
        new DurableFile(path, DurableFile.Readers.OWNER, seen::add).replace(bytes("new"));

        assertThat(seen).containsExactly(DurableFile.Step.values());
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyStepLeavesTheOldContentOrTheNewAndTheNextWriteCleansUp(DurableFile.Step step) throws Exception {
        assertThatThrownBy(() -> failing(step, new Crash()).replace(bytes("new")))
                .isInstanceOf(Crash.class);

        assertThat(path).hasContent(step == DurableFile.Step.SYNC_DIRECTORY ? "new" : "old");
        for (Path left : filesBeside()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(left)))
                    .isEqualTo("rw-------");
        }
        secret().replace(bytes("newer"));
        assertThat(path).hasContent("newer");
        assertThat(names()).containsExactly("secret");
    }

    @ParameterizedTest
    @EnumSource
    void aCrashBeforeAnyStepOfTheFirstWriteLeavesNoFileOrTheNewOne(DurableFile.Step step) throws Exception {
        Files.delete(path);

        assertThatThrownBy(() -> failing(step, new Crash()).replace(bytes("new")))
                .isInstanceOf(Crash.class);

        assertThat(Files.exists(path)).isEqualTo(step == DurableFile.Step.SYNC_DIRECTORY);
        secret().clean();
        assertThat(filesBeside()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CREATE, open", "WRITE, write", "SYNC, write", "RENAME, rename"})
    void anErrorBeforeTheRenameLeavesTheOldContentAndSaysWhatWhereAndWhy(DurableFile.Step step, String action)
            throws Exception {
        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(() -> failing(step, new IOException("No space left on device"))
                        .replace(bytes("new")))
                .withMessage(action + " " + path + ": no space left on device")
                .satisfies(fault -> assertThat(fault.reason()).isEqualTo("no space left on device"));

        assertThat(path).hasContent("old");
        assertThat(names()).containsExactly("secret");
    }

    @Test
    void aDirectoryThatCannotBeSynchronisedIsAWarningSinceTheNewContentIsInPlace() throws Exception {
        Optional<String> warning = failing(DurableFile.Step.SYNC_DIRECTORY, new IOException("Input/output error"))
                .replace(bytes("new"));

        assertThat(warning).contains("sync " + directory + ": input/output error");
        assertThat(path).hasContent("new");
    }

    @Test
    void aSecretIsItsOwnersWhateverTheOldFileWas() throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));

        secret().replace(bytes("new"));

        assertThat(mode(path)).isEqualTo("rw-------");
    }

    @Test
    void whatEverybodyMayReadHasTheModeOfAnOrdinaryFile() throws Exception {
        DurableFile.of(path, DurableFile.Readers.EVERYBODY).replace(bytes("new"));

        assertThat(mode(path)).startsWith("rw-r").doesNotContain("x");
    }

    @Test
    void missingDirectoriesAreMadeForTheirOwnerOnly() throws Exception {
        Path deep = directory.resolve("a/b/secret");
        DurableFile file = DurableFile.of(deep, DurableFile.Readers.OWNER);

        file.makeDirectory();
        file.makeDirectory();

        assertThat(mode(directory.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("a"))).isEqualTo("rwx------");
    }

    @Test
    void aFileWhereADirectoryShouldBeIsNamed() {
        DurableFile file = DurableFile.of(path.resolve("deeper/secret"), DurableFile.Readers.OWNER);

        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(file::makeDirectory)
                .withMessage("mkdir " + path.resolve("deeper") + ": not a directory");
        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(() -> file.replace(bytes("new")))
                .withMessage("open " + path.resolve("deeper/secret") + ": not a directory");
    }

    @Test
    void aDirectoryThatHasGoneIsAnErrorAndIsNotMadeAgain() {
        Path gone = directory.resolve("gone/secret");

        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(
                        () -> DurableFile.of(gone, DurableFile.Readers.OWNER).replace(bytes("new")))
                .withMessage("open " + gone + ": no such file or directory");

        assertThat(gone.getParent()).doesNotExist();
    }

    @Test
    void aDirectoryInThePlaceOfTheFileIsAnErrorAndStays() throws Exception {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        Files.createFile(taken.resolve("inside"));

        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(
                        () -> DurableFile.of(taken, DurableFile.Readers.OWNER).replace(bytes("new")))
                .withMessage("rename " + taken + ": is a directory");

        assertThat(names()).containsExactlyInAnyOrder("secret", "taken");
    }

    @Test
    void aLinkStaysALinkAndTheFileItNamesIsReplaced() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path target = Files.writeString(elsewhere.resolve("kept"), "old");
        Path first = Files.createSymbolicLink(directory.resolve("first"), Path.of("second"));
        Files.createSymbolicLink(directory.resolve("second"), Path.of("elsewhere/kept"));

        DurableFile.of(first, DurableFile.Readers.OWNER).replace(bytes("new"));

        assertThat(first).isSymbolicLink().hasContent("new");
        assertThat(target).isRegularFile().hasContent("new");
        assertThat(elsewhere.toFile().list()).containsExactly("kept");
    }

    @Test
    void aLinkToNothingYetIsFollowedToo() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("not-yet"));

        DurableFile.of(link, DurableFile.Readers.OWNER).replace(bytes("new"));

        assertThat(link).isSymbolicLink();
        assertThat(directory.resolve("not-yet")).hasContent("new");
    }

    @Test
    void linksThatLeadInACircleAreAnError() throws Exception {
        Path a = Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));

        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(() -> DurableFile.of(a, DurableFile.Readers.OWNER).replace(bytes("new")))
                .withMessage("open " + a + ": too many levels of symbolic links");
    }

    @Test
    void onlyItsOwnLeftoversAreRemoved() throws Exception {
        Set<String> others = Set.of("secret.json", "secret.tmp.old", "other.123.tmp", "secret.x.tmp", "secret.9.tmp.d");
        for (String other : others) {
            Files.writeString(directory.resolve(other), "mine");
        }
        Files.createDirectory(directory.resolve("secret.77.tmp"));
        Files.writeString(directory.resolve("secret.123.tmp"), "half");
        Files.writeString(directory.resolve("secret.tmp"), "half, of an older version");

        secret().clean();

        assertThat(names())
                .containsExactlyInAnyOrder(Stream.concat(others.stream(), Stream.of("secret", "secret.77.tmp"))
                        .toArray(String[]::new));
        assertThat(path).hasContent("old");
    }

    private DurableFile secret() {
        return DurableFile.of(path, DurableFile.Readers.OWNER);
    }

    private DurableFile failing(DurableFile.Step at, Throwable failure) {
        return new DurableFile(path, DurableFile.Readers.OWNER, step -> {
            if (step == at) {
                if (failure instanceof IOException known) {
                    throw known;
                }
                throw (Crash) failure;
            }
        });
    }

    private List<Path> filesBeside() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> !each.equals(path)).toList();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
