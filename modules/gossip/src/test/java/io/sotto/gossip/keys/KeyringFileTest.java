package io.sotto.gossip.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringFileTest {
    private static final String FIRST = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String SECOND = "Dw4NDAsKCQgHBgUEAwIBAA==";
    private static final Keyring RING = Keyring.of(GossipKey.parse(FIRST), GossipKey.parse(SECOND));

    @TempDir
    private Path directory;

    private Path path;
    private KeyringFile file;

    @BeforeEach
    void setUp() {
        path = directory.resolve("serf").resolve("local.keyring");
        file = new KeyringFile(path);
    }

    @Test
    void aNewFileIsOneLineAndAChangedOneIsIndentedAsTheRealAgentsWriteThem() throws Exception {
        file.store(RING, KeyringFile.Layout.COMPACT);
        assertThat(path).hasContent("[\"" + FIRST + "\",\"" + SECOND + "\"]");
        file.store(RING, KeyringFile.Layout.INDENTED);
        assertThat(Files.readString(path)).isEqualTo("[\n  \"" + FIRST + "\",\n  \"" + SECOND + "\"\n]");
    }

    @Test
    void onlyItsOwnerMayReadTheFileAndItsDirectory() throws Exception {
        file.store(RING, KeyringFile.Layout.COMPACT);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileThatOthersCouldReadIsReplacedByOneThatTheyCannot() throws Exception {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "[]");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));

        file.store(RING, KeyringFile.Layout.COMPACT);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPACT", "INDENTED"})
    void whatWasStoredIsReadBackInItsOrder(KeyringFile.Layout layout) throws Exception {
        Files.createDirectories(path.getParent());

        file.store(RING, layout);

        assertThat(file.load()).contains(RING);
        assertThat(filesBeside()).as("left-overs of the write").containsExactly("local.keyring");
    }

    @Test
    void noFileIsNoRing() throws Exception {
        assertThat(file.load()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "[]            | no keys present in keyring: ",
                "xyz           | invalid character 'x' looking for beginning of value",
                "[\"%%%%\"]    | illegal base64 data at input byte 0",
                "[\"AAECAw==\"] | key size must be 16, 24 or 32 bytes",
                "``            | unexpected end of JSON input",
                "[\"AAECAwQFBgcICQoLDA0ODw==\" | not a JSON list of base64 keys",
                "[\"AAECAwQFBgcICQoLDA0ODw==\"],\"x\":[] | not a JSON list of base64 keys",
                "[{\"key\":\"AAECAwQFBgcICQoLDA0ODw==\"}] | not a JSON list of base64 keys"
            })
    void aFileThatIsNoRingIsAFaultInTheRealAgentsWordsAndNeverShowsAKey(String content, String words)
            throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);

        assertThatThrownBy(() -> file.load())
                .isInstanceOf(KeyringFault.class)
                .hasMessageStartingWith(words)
                .hasMessageContaining(path.toString())
                .satisfies(fault ->
                        assertThat(texts(fault)).noneMatch(text -> text.contains("AAECAw") || text.contains("%%%%")));
    }

    @Test
    void aWriteThatFailsLeavesTheOldFileAndSaysWhichFileAndWhy() throws Exception {
        // With a name as long as names may be there is no room for that of a temporary file, not even for root.
        Path full = directory.resolve("x".repeat(255));
        Files.writeString(full, "[\"" + FIRST + "\"]");
        KeyringFile unwritable = new KeyringFile(full);

        assertThatThrownBy(() -> unwritable.store(Keyring.of(GossipKey.parse(SECOND)), KeyringFile.Layout.INDENTED))
                .isInstanceOf(KeyringFault.class)
                .hasMessage("cannot write keyring " + full + ": file name too long")
                .satisfies(fault -> assertThat(texts(fault)).noneMatch(text -> text.contains(SECOND)));

        assertThat(unwritable.load()).contains(Keyring.of(GossipKey.parse(FIRST)));
    }

    @Test
    void aRingThatChangedIsNotWrittenIntoADirectoryThatHasGone() {
        assertThatThrownBy(() -> file.store(RING, KeyringFile.Layout.INDENTED))
                .isInstanceOf(KeyringFault.class)
                .hasMessage("cannot write keyring " + path + ": no such file or directory");

        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void aTargetThatIsADirectoryCanNeitherBeReadNorWritten() throws Exception {
        Files.createDirectories(path.resolve("in the way"));

        assertThatThrownBy(() -> file.load()).isInstanceOf(KeyringFault.class).hasMessageContaining(path.toString());
        assertThatThrownBy(() -> file.store(RING, KeyringFile.Layout.COMPACT)).isInstanceOf(KeyringFault.class);
        assertThat(path.resolve("in the way")).isDirectory();
        assertThat(filesBeside()).as("a ring left lying about").containsExactly("local.keyring");
    }

    private List<String> filesBeside() throws IOException {
        try (Stream<Path> files = Files.list(path.getParent())) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static List<String> texts(Throwable fault) {
        return Stream.<Throwable>iterate(fault, each -> each != null, Throwable::getCause)
                .map(Throwable::toString)
                .toList();
    }
}
