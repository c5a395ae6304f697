package io.sotto.gossip.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualSystem;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeeperTest {
    private static final Duration FLUSH = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final String CLOCKS = "clock: 0\nevent-clock: 0\nquery-clock: 0\n";

    @TempDir
    private Path directory;

    private final SnapshotCounters counters = new SnapshotCounters();
    /** Work for the disk; a disk that does not hang does it at once. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private boolean hangs;
    private LamportFloors seen = LamportFloors.none();
    private VirtualSystem virtual;
    private Path path;
    private ActorRef<SnapshotKeeper.Command> keeper;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        path = directory.resolve("serf/local.snapshot");
        keeper = virtual.system().ignoreRef();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void aNodeThatHasNotLivedBeforeRemembersNobodyAndBeginsAFileOfItsOwn() throws Exception {
        SnapshotKeeper.Opened opened = open(false);
        assertThat(opened.floors()).isEqualTo(LamportFloors.none());
        assertThat(opened.previous()).isEmpty();

        virtual.pass(FLUSH);
        assertThat(path).hasContent(CLOCKS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(counters.bytes()).isEqualTo(CLOCKS.length());
    }

    @Test
    void changesAreAppendedTogetherAndOnlyWhenThereAreAny() throws Exception {
        SnapshotKeeper.Opened opened = open(false);
        virtual.pass(FLUSH);
        happened(opened, MemberEvent.Kind.JOINED, "node b", 2);
        happened(opened, MemberEvent.Kind.JOINED, "c", 3);
        happened(opened, MemberEvent.Kind.FAILED, "c", 3);
        seen = new LamportFloors(7, 5, 0);
        assertThat(path).hasContent(CLOCKS);

        virtual.pass(FLUSH);
        assertThat(path)
                .hasContent(CLOCKS + "alive: node b 10.0.0.2:7946\nalive: c 10.0.0.3:7946\nnot-alive: c\n"
                        + "clock: 7\nevent-clock: 5\n");
        virtual.pass(Duration.ofMinutes(1));
        assertThat(counters.appended()).isEqualTo(1);
        assertThat(counters.replaced()).isEqualTo(1);
        assertThat(counters.bytes()).isEqualTo(Files.size(path));
    }

    @Test
    void whatAnEarlierLifeLeftIsReadAndGoneOnWith() throws Exception {
        write(
                "alive: a 10.0.0.1:7946\nalive: b 10.0.0.2:7946\nclock: 12\nevent-clock: 3\nquery-clock: 4\n",
                "rw-------");

        SnapshotKeeper.Opened opened = open(false);
        assertThat(opened.floors()).isEqualTo(new LamportFloors(12, 3, 4));
        assertThat(opened.previous()).isEqualTo(Map.of("a", "10.0.0.1:7946", "b", "10.0.0.2:7946"));

        happened(opened, MemberEvent.Kind.LEFT, "b", 2);
        virtual.pass(FLUSH);
        assertThat(Files.readString(path)).endsWith("query-clock: 4\nnot-alive: b\n");
        assertThat(counters.replaced()).isZero();
    }

    @Test
    void aLastLineThatWasCutOffIsNotBelievedAndDoesNotSpoilTheNextOne() throws Exception {
        write("alive: a 10.0.0.1:7946\nclock: 12\nclock: 1", "rw-------");

        SnapshotKeeper.Opened opened = open(false);
        assertThat(opened.floors().member()).isEqualTo(12);
        happened(opened, MemberEvent.Kind.JOINED, "b", 2);
        virtual.pass(FLUSH);

        assertThat(path)
                .hasContent(
                        "alive: a 10.0.0.1:7946\nalive: b 10.0.0.2:7946\nclock: 12\nevent-clock: 0\nquery-clock: 0\n");
    }

    @Test
    void aFileThatOthersMayReadIsReplacedByOneThatTheyMayNot() throws Exception {
        write("alive: a 10.0.0.1:7946\nclock: 12\n", "rw-r--r--");
        assertThat(open(false).previous()).containsOnlyKeys("a");
        virtual.pass(FLUSH);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(path)).startsWith("alive: a 10.0.0.1:7946\nclock: 12\n");
    }

    @Test
    void linesThatAreNoneAreSkippedWithOneWarning() throws Exception {
        virtual.expectWarning("Unrecognized snapshot lines: 3 in " + path);
        write("bogus\nalive: nospace\n" + "x".repeat(100_000) + "\n# comment\nclock: 7\n", "rw-------");
        assertThat(open(false).floors().member()).isEqualTo(7);
    }

    @Test
    void aLeaveIsWrittenAtOnceAndNothingAfterIt() throws Exception {
        SnapshotKeeper.Opened opened = open(false);
        virtual.pass(FLUSH);
        happened(opened, MemberEvent.Kind.JOINED, "b", 2);
        virtual.tell(keeper, SnapshotKeeper.Leave.INSTANCE);
        assertThat(path).hasContent(CLOCKS + "alive: b 10.0.0.2:7946\nleave\n");

        happened(opened, MemberEvent.Kind.FAILED, "b", 2);
        seen = new LamportFloors(9, 9, 9);
        virtual.pass(Duration.ofMinutes(1));
        assertThat(path).hasContent(CLOCKS + "alive: b 10.0.0.2:7946\nleave\n");
        assertThat(openAgain(false).previous()).isEmpty();
        assertThat(openAgain(true).previous()).containsOnlyKeys("b");
    }

    @Test
    void aNodeThatIsStoppedWritesWhatItHas() throws Exception {
        SnapshotKeeper.Opened opened = open(false);
        happened(opened, MemberEvent.Kind.JOINED, "b", 2);
        seen = new LamportFloors(3, 0, 0);
        virtual.stop(keeper);
        assertThat(path).hasContent("alive: b 10.0.0.2:7946\nclock: 3\nevent-clock: 0\nquery-clock: 0\n");
    }

    @Test
    void aDiskThatFailsIsReportedAndTriedAgainUntilAllIsWritten() throws Exception {
        virtual.expectWarning("Failed to update snapshot: rename " + path + ": ");
        virtual.expectWarning("; trying again in 30 s");
        SnapshotKeeper.Opened opened = open(false);
        Files.createDirectories(path.resolve("in the way"));
        happened(opened, MemberEvent.Kind.JOINED, "b", 2);

        virtual.pass(RETRY.plus(FLUSH));
        assertThat(counters.unwritten()).isEqualTo(2);
        Files.delete(path.resolve("in the way"));
        Files.delete(path);
        happened(opened, MemberEvent.Kind.JOINED, "c", 3);
        virtual.pass(RETRY);
        assertThat(path).hasContent("alive: b 10.0.0.2:7946\nalive: c 10.0.0.3:7946\n" + CLOCKS);

        happened(opened, MemberEvent.Kind.JOINED, "d", 4);
        virtual.pass(FLUSH);
        assertThat(Files.readString(path)).endsWith(CLOCKS + "alive: d 10.0.0.4:7946\n");
    }

    @Test
    void aFileThatVanishedIsMadeAnewFromMemory() throws Exception {
        virtual.expectWarning("Failed to update snapshot: write " + path + ": no such file or directory");
        SnapshotKeeper.Opened opened = open(false);
        happened(opened, MemberEvent.Kind.JOINED, "b", 2);
        virtual.pass(FLUSH);
        Files.delete(path);
        happened(opened, MemberEvent.Kind.JOINED, "c", 3);
        virtual.pass(FLUSH.plus(RETRY));
        assertThat(path).hasContent("alive: b 10.0.0.2:7946\nalive: c 10.0.0.3:7946\n" + CLOCKS);
    }

    @Test
    void aDiskThatHangsHoldsUpNobodyAndIsAskedForOneThingAtATime() throws Exception {
        SnapshotKeeper.Opened opened = open(false);
        hangs = true;
        for (int i = 0; i < 100; i++) {
            happened(opened, MemberEvent.Kind.JOINED, "b", i + 1);
            virtual.pass(FLUSH);
        }
        assertThat(waiting).hasSize(1);

        hangs = false;
        waiting.remove().run();
        virtual.settle();
        virtual.pass(FLUSH);
        assertThat(Files.readString(path)).endsWith("alive: b 10.0.0.100:7946\n");
    }

    @Test
    void aFileThatCannotBeReadIsReportedAndLeftAlone() throws Exception {
        virtual.expectWarning("Failed to read snapshot: read " + path + ": ");
        Files.createDirectories(path.resolve("kept"));
        SnapshotKeeper.Opened opened = open(false);
        assertThat(opened.previous()).isEmpty();

        happened(opened, MemberEvent.Kind.JOINED, "b", 2);
        virtual.pass(Duration.ofMinutes(2));
        virtual.stop(keeper);
        assertThat(path.resolve("kept")).isDirectory();
        assertThat(counters.unread()).isEqualTo(1);
        assertThat(counters.unwritten() + counters.replaced() + counters.appended())
                .isZero();
    }

    private void write(String content, String mode) throws Exception {
        Files.createDirectories(directory.resolve("serf"));
        Files.writeString(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private SnapshotKeeper.Opened open(boolean rejoinAfterLeave) throws InterruptedException {
        keeper = virtual.spawn(SnapshotKeeper.create(
                new SnapshotSettings(Optional.of(path), rejoinAfterLeave),
                new SnapshotKeeper.Links(() -> seen, 1_000, this::onDisk, counters)));
        VirtualSystem.Recorder<SnapshotKeeper.Opened> opened = virtual.recorder();
        virtual.tell(keeper, new SnapshotKeeper.Open(opened.ref()));
        return opened.all().get(0);
    }

    private SnapshotKeeper.Opened openAgain(boolean rejoinAfterLeave) throws InterruptedException {
        virtual.stop(keeper);
        return open(rejoinAfterLeave);
    }

    private void onDisk(Runnable work) {
        if (hangs) {
            waiting.add(work);
        } else {
            work.run();
        }
    }

    private void happened(SnapshotKeeper.Opened opened, MemberEvent.Kind kind, String name, int host)
            throws InterruptedException {
        SerfStatus status = switch (kind) {
            case JOINED, UPDATED -> SerfStatus.ALIVE;
            case LEFT -> SerfStatus.LEFT;
            case FAILED -> SerfStatus.FAILED;
            case REAPED -> SerfStatus.NONE;
        };
        NodeAddress address = NodeAddress.of(new InetSocketAddress("10.0.0." + host, 7_946));
        virtual.tell(
                opened.events(),
                new MemberEvent(
                        kind,
                        new MemberRecord(
                                name,
                                address,
                                Octets.empty(),
                                ProtocolVersions.SERF.toOctets(),
                                1,
                                NodeState.ALIVE,
                                Instant.EPOCH,
                                status,
                                1,
                                true)));
    }
}
