package io.sotto.gossip.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualSystem;
import io.sotto.gossip.keys.KeyKeeper.Answer;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a ring that is open: Serf's rules and words, the file before memory, and both equal whatever happens. */
class KeyKeeperChangesTest {
    private static final String FIRST = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String SECOND = "Dw4NDAsKCQgHBgUEAwIBAA==";
    private static final String THIRD = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

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
    void aRotationIsInTheFileAndInForceStepByStep() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));

        assertThat(install(keeper, SECOND)).isEqualTo(done(FIRST, SECOND));
        assertThat(path).hasContent("[\n  \"" + FIRST + "\",\n  \"" + SECOND + "\"\n]");
        assertThat(use(keeper, SECOND)).isEqualTo(done(SECOND, FIRST));
        assertThat(path).hasContent("[\n  \"" + SECOND + "\",\n  \"" + FIRST + "\"\n]");
        assertThat(remove(keeper, FIRST)).isEqualTo(done(SECOND));
        assertThat(path).hasContent("[\n  \"" + SECOND + "\"\n]");

        assertThat(published).containsExactly(ring(FIRST), ring(FIRST, SECOND), ring(SECOND, FIRST), ring(SECOND));
        assertThat(list(keeper)).isEqualTo(done(SECOND));
    }

    @Test
    void aKeyThatIsAbandonedGoesThoughItIsThePrimaryAndWithTheLastOneTheEncryption() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));
        install(keeper, SECOND);

        assertThat(abandon(keeper, THIRD)).isEqualTo(done(FIRST, SECOND));
        assertThat(abandon(keeper, FIRST)).isEqualTo(done(SECOND));
        assertThat(onDisk()).contains(ring(SECOND));
        assertThat(abandon(keeper, SECOND)).isEqualTo(new Answer.Done(Keyring.empty()));
        assertThat(path).doesNotExist();
        assertThat(published).containsExactly(ring(FIRST), ring(FIRST, SECOND), ring(SECOND), Keyring.empty());
        assertThat(abandon(keeper, SECOND)).isEqualTo(new Answer.Done(Keyring.empty()));
    }

    @Test
    void aRingWhoseFileCannotBeRemovedStays() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));
        Files.delete(path);
        Files.createDirectories(path.resolve("in the way"));
        virtual.expectWarning("keyring unchanged: cannot remove keyring " + path + ": is a directory");

        assertThat(abandon(keeper, FIRST)).isInstanceOf(Answer.NotWritten.class);
        assertThat(published).containsExactly(ring(FIRST));
        assertThat(list(keeper)).isEqualTo(done(FIRST));
    }

    @Test
    void keysOfDifferentSizesMayBeMixed() throws Exception {
        assertThat(install(open(keyed(FIRST)), THIRD)).isEqualTo(done(FIRST, THIRD));
    }

    @Test
    void whatIsSoAlreadySucceedsAndIsInTheFileAfterwards() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));
        install(keeper, SECOND);
        Files.delete(path);

        assertThat(install(keeper, SECOND)).isEqualTo(done(FIRST, SECOND));
        assertThat(use(keeper, FIRST)).isEqualTo(done(FIRST, SECOND));
        assertThat(remove(keeper, THIRD)).isEqualTo(done(FIRST, SECOND));

        assertThat(onDisk()).contains(ring(FIRST, SECOND));
    }

    @Test
    void whatTheRingDoesNotAllowIsRefusedInSerfsWords() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));

        assertThat(use(keeper, SECOND)).isEqualTo(new Answer.Refused("Requested key is not in the keyring"));
        assertThat(remove(keeper, FIRST)).isEqualTo(new Answer.Refused("Removing the primary key is not allowed"));

        assertThat(published).containsExactly(ring(FIRST));
        assertThat(onDisk()).contains(ring(FIRST));
    }

    @Test
    void aNodeWithoutEncryptionHasNoRingToChange() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(new KeySettings(Optional.empty(), Optional.of(path), true, true));
        Answer none = new Answer.Refused("No keyring to modify (encryption not enabled)");

        assertThat(install(keeper, FIRST)).isEqualTo(none);
        assertThat(use(keeper, FIRST)).isEqualTo(none);
        assertThat(remove(keeper, FIRST)).isEqualTo(none);
        assertThat(list(keeper)).isEqualTo(new Answer.Refused("Keyring is empty (encryption not enabled)"));

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutAFileTheRingIsKeptInMemoryOnly() throws Exception {
        ActorRef<KeyKeeper.Command> keeper =
                open(new KeySettings(Optional.of(GossipKey.parse(FIRST)), Optional.empty(), true, true));

        assertThat(install(keeper, SECOND)).isEqualTo(done(FIRST, SECOND));

        assertThat(published).containsExactly(ring(FIRST), ring(FIRST, SECOND));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAndLeavesFileAndMemoryEqual() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));
        install(keeper, SECOND);
        published.clear();
        byte[] before = Files.readAllBytes(path);
        // A directory that is a file for a while cannot be written into, not even by root.
        Path serf = directory.resolve("serf");
        Path away = directory.resolve("away");
        Files.move(serf, away);
        Files.createFile(serf);
        virtual.expectWarning("keyring unchanged: cannot write keyring " + path + ": not a directory");

        Answer unwritten = new Answer.NotWritten("cannot write keyring " + path + ": not a directory");
        assertThat(install(keeper, THIRD)).isEqualTo(unwritten);
        assertThat(use(keeper, SECOND)).isEqualTo(unwritten);
        assertThat(remove(keeper, SECOND)).isEqualTo(unwritten);

        assertThat(published).isEmpty();
        assertThat(list(keeper)).isEqualTo(done(FIRST, SECOND));
        Files.delete(serf);
        Files.move(away, serf);
        assertThat(Files.readAllBytes(path)).isEqualTo(before);
        assertThat(use(keeper, SECOND)).as("the same, tried again").isEqualTo(done(SECOND, FIRST));
        assertThat(onDisk()).contains(ring(SECOND, FIRST));
    }

    @Test
    void aDirectoryRemovedUnderneathIsToldAndNotMadeUpFor() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = open(keyed(FIRST));
        Files.delete(path);
        Files.delete(path.getParent());
        virtual.expectWarning("no such file or directory");

        assertThat(install(keeper, SECOND))
                .isEqualTo(new Answer.NotWritten("cannot write keyring " + path + ": no such file or directory"));

        assertThat(directory).isEmptyDirectory();
        assertThat(list(keeper)).isEqualTo(done(FIRST));
    }

    @Test
    void beforeTheRingIsOpenEveryRequestIsRefused() throws Exception {
        ActorRef<KeyKeeper.Command> keeper = virtual.spawn(KeyKeeper.create(keyed(FIRST), published::add));

        assertThat(install(keeper, SECOND)).isEqualTo(new Answer.Refused("the keyring is not open"));

        assertThat(published).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theLeftoversOfAKilledProcessAreGoneOnceTheRingIsOpen() throws Exception {
        Files.createDirectories(path.getParent());
        Files.writeString(path.resolveSibling("local.keyring.4711.tmp"), "[\"" + SECOND);

        open(keyed(FIRST));

        assertThat(directory.resolve("serf").toFile().list()).containsExactly("local.keyring");
    }

    @Test
    void aRemovedKeyIsWipedOnceNothingUnderTheOldRingCanBeUnderWay() throws Exception {
        GossipKey configured = GossipKey.parse(FIRST);
        ActorRef<KeyKeeper.Command> keeper =
                open(new KeySettings(Optional.of(configured), Optional.of(path), true, true));
        install(keeper, SECOND);
        use(keeper, SECOND);
        GossipKey onTheRing = published.get(0).keys().get(0);

        remove(keeper, FIRST);
        assertThat(isWiped(onTheRing)).isFalse();
        virtual.pass(Duration.ofSeconds(61));

        assertThat(isWiped(onTheRing)).isTrue();
        assertThat(isWiped(configured))
                .as("the configured key, which is not the ring's")
                .isFalse();
        assertThat(install(keeper, FIRST)).isEqualTo(done(SECOND, FIRST));
        assertThat(published.get(published.size() - 1).keys()).noneMatch(KeyKeeperChangesTest::isWiped);
    }

    private ActorRef<KeyKeeper.Command> open(KeySettings settings) throws InterruptedException {
        VirtualSystem.Recorder<KeyKeeper.Opened> answers = virtual.recorder();
        ActorRef<KeyKeeper.Command> keeper = virtual.spawn(KeyKeeper.create(settings, published::add));
        virtual.tell(keeper, new KeyKeeper.Open(answers.ref()));
        assertThat(answers.all()).hasOnlyElementsOfType(KeyKeeper.Opened.Ready.class);
        return keeper;
    }

    private KeySettings keyed(String key) {
        return new KeySettings(Optional.of(GossipKey.parse(key)), Optional.of(path), true, true);
    }

    private Answer install(ActorRef<KeyKeeper.Command> keeper, String key) throws InterruptedException {
        return ask(keeper, replyTo -> new KeyKeeper.Install(GossipKey.parse(key), replyTo));
    }

    private Answer abandon(ActorRef<KeyKeeper.Command> keeper, String key) throws InterruptedException {
        return ask(keeper, replyTo -> new KeyKeeper.Abandon(GossipKey.parse(key).id(), replyTo));
    }

    private Answer use(ActorRef<KeyKeeper.Command> keeper, String key) throws InterruptedException {
        return ask(keeper, replyTo -> new KeyKeeper.Use(GossipKey.parse(key), replyTo));
    }

    private Answer remove(ActorRef<KeyKeeper.Command> keeper, String key) throws InterruptedException {
        return ask(keeper, replyTo -> new KeyKeeper.Remove(GossipKey.parse(key), replyTo));
    }

    private Answer list(ActorRef<KeyKeeper.Command> keeper) throws InterruptedException {
        return ask(keeper, KeyKeeper.ListKeys::new);
    }

    private Answer ask(ActorRef<KeyKeeper.Command> keeper, Function<ActorRef<Answer>, KeyKeeper.Command> request)
            throws InterruptedException {
        VirtualSystem.Recorder<Answer> answers = virtual.recorder();
        virtual.tell(keeper, request.apply(answers.ref()));
        assertThat(answers.all()).hasSize(1);
        return answers.all().get(0);
    }

    private Optional<Keyring> onDisk() throws KeyringFault, IOException {
        return new KeyringFile(path).load();
    }

    private static boolean isWiped(GossipKey key) {
        byte[] bytes = key.bytes(KeyAccess.KEYRING_FILE);
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private static Answer done(String primary, String... others) {
        return new Answer.Done(ring(primary, others));
    }

    private static Keyring ring(String primary, String... others) {
        return Keyring.of(
                GossipKey.parse(primary),
                Arrays.stream(others).map(GossipKey::parse).toArray(GossipKey[]::new));
    }
}
