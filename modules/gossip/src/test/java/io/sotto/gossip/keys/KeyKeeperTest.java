package io.sotto.gossip.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualSystem;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyKeeperTest {
    private static final String FIRST = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String SECOND = "Dw4NDAsKCQgHBgUEAwIBAA==";

    @TempDir
    private Path directory;

    private final List<Keyring> published = new CopyOnWriteArrayList<>();
    private VirtualSystem virtual;
    private Path path;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        path = directory.resolve("serf/local.keyring");
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void aKeyWithoutAFileMakesTheFileInOneLine() throws Exception {
        assertThat(open(Optional.of(FIRST))).isEqualTo(ready(ring(FIRST)));

        assertThat(published).containsExactly(ring(FIRST));
        assertThat(path).hasContent("[\"" + FIRST + "\"]");
    }

    @Test
    void aFileWinsOverAKeyItDoesNotHoldAndTheOperatorIsTold() throws Exception {
        write("[\"" + FIRST + "\"]");

        assertThat(open(Optional.of(SECOND)))
                .isEqualTo(new KeyKeeper.Opened.Ready(
                        ring(FIRST), Optional.of("keyring doesn't include key provided with -encrypt, using keyring")));
        assertThat(path).hasContent("[\"" + FIRST + "\"]");
    }

    @Test
    void aFileThatHoldsTheKeyIsUsedWithoutAWord() throws Exception {
        write("[\n  \"" + SECOND + "\",\n  \"" + FIRST + "\"\n]");

        assertThat(open(Optional.of(FIRST))).isEqualTo(ready(ring(SECOND, FIRST)));
    }

    @Test
    void aFileAloneTurnsEncryptionOn() throws Exception {
        write("[\"" + FIRST + "\"]");

        assertThat(open(Optional.empty())).isEqualTo(ready(ring(FIRST)));
    }

    @Test
    void neitherKeyNorFileIsNoEncryptionAndMakesNoFile() throws Exception {
        assertThat(open(Optional.empty())).isEqualTo(ready(Keyring.empty()));

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aKeyInMemoryOnlyWritesNothing() throws Exception {
        KeySettings settings = new KeySettings(Optional.of(GossipKey.parse(FIRST)), Optional.empty(), true, true);

        assertThat(open(settings)).isEqualTo(ready(ring(FIRST)));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aBrokenFileIsAFailureAndNeverNoEncryption() throws Exception {
        write("[]");

        assertThat(open(Optional.of(FIRST)))
                .isEqualTo(new KeyKeeper.Opened.Failed(
                        "Failed to configure keyring: no keys present in keyring: " + path));
        assertThat(published).isEmpty();
        assertThat(path).hasContent("[]");
    }

    @Test
    void aFileThatOthersCanReadIsRefusedWithTheFixUnlessThatIsTurnedOff() throws Exception {
        write("[\"" + FIRST + "\"]");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        Optional<GossipKey> key = Optional.of(GossipKey.parse(SECOND));

        assertThat(open(new KeySettings(key, Optional.of(path), true, true, true)))
                .isEqualTo(new KeyKeeper.Opened.Failed("Failed to configure keyring: " + path
                        + " can be read or written by others than its owner (mode rw-r-----); run: chmod 600 " + path));
        assertThat(published).isEmpty();
        assertThat(open(new KeySettings(Optional.empty(), Optional.of(path), true, true, false)))
                .isEqualTo(ready(ring(FIRST)));
    }

    @Test
    void whoeverAsksAgainIsToldTheSame() throws Exception {
        VirtualSystem.Recorder<KeyKeeper.Opened> answers = virtual.recorder();
        ActorRef<KeyKeeper.Command> keeper = virtual.spawn(KeyKeeper.create(
                new KeySettings(Optional.of(GossipKey.parse(FIRST)), Optional.of(path), true, true), published::add));

        virtual.tell(keeper, new KeyKeeper.Open(answers.ref()));
        virtual.tell(keeper, new KeyKeeper.Open(answers.ref()));

        assertThat(answers.all()).containsExactly(ready(ring(FIRST)), ready(ring(FIRST)));
        assertThat(published).hasSize(1);
    }

    private KeyKeeper.Opened open(Optional<String> key) throws InterruptedException {
        return open(new KeySettings(key.map(GossipKey::parse), Optional.of(path), true, true));
    }

    private KeyKeeper.Opened open(KeySettings settings) throws InterruptedException {
        VirtualSystem.Recorder<KeyKeeper.Opened> answers = virtual.recorder();
        ActorRef<KeyKeeper.Command> keeper = virtual.spawn(KeyKeeper.create(settings, published::add));
        virtual.tell(keeper, new KeyKeeper.Open(answers.ref()));
        return answers.all().get(0);
    }

    private void write(String content) throws Exception {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private static KeyKeeper.Opened ready(Keyring ring) {
        return new KeyKeeper.Opened.Ready(ring, Optional.empty());
    }

    private static Keyring ring(String primary, String... others) {
        return Keyring.of(
                GossipKey.parse(primary),
                List.of(others).stream().map(GossipKey::parse).toArray(GossipKey[]::new));
    }
}
