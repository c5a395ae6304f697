package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.stream.Exchanged;
import io.sotto.membership.ClaimPolicy;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyncTest {
    private static final String REFUSED = "dial tcp 10.0.0.9:7946: connect: connection refused";

    private static final Exchanged.Failed CUT_OFF = new Exchanged.Failed("EOF", true);

    private final Map<InetSocketAddress, Exchanged> answers = new HashMap<>();
    /** Exchanges that end when the test ends them, before those that {@link #answers} ends at once. */
    private final Map<InetSocketAddress, Deque<CompletableFuture<Exchanged>>> held = new HashMap<>();

    private final List<Dialled> dialled = new CopyOnWriteArrayList<>();
    private final List<Members.Command> toMembers = new CopyOnWriteArrayList<>();
    private final TransportSlot transport = new TransportSlot();
    private Optional<String> objection = Optional.empty();
    private boolean membersAnswer = true;
    private VirtualSystem virtual;

    private record Dialled(InetSocketAddress to, boolean join) {}

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        transport.bound(Samples.address(1), (to, request, timeout) -> {
            dialled.add(
                    new Dialled(to, ((StreamMessage.Exchange) request).state().join()));
            return Optional.ofNullable(held.getOrDefault(to, new ArrayDeque<>()).poll())
                    .orElseGet(() -> CompletableFuture.completedFuture(
                            answers.getOrDefault(to, new Exchanged.Failed("unexpected " + to))));
        });
        answers.put(
                Samples.address(2),
                new Exchanged.Answered(
                        new StreamMessage.Exchange(new PushPull(false, List.of(), Octets.empty())), Optional.empty()));
        answers.put(Samples.address(3), answers.get(Samples.address(2)));
        answers.put(Samples.address(9), new Exchanged.Failed(REFUSED));
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void aJoinReportsWhoAnsweredAndWhoDidNotInTheirOrder() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.9: " + REFUSED);
        virtual.expectWarning("Failed to join nosuch.example:1: lookup nosuch.example: no such host");

        JoinReport report = join(spawn(), "10.0.0.9", "10.0.0.2", "nosuch.example:1");

        assertThat(report)
                .isEqualTo(new JoinReport(
                        1,
                        List.of(
                                new JoinReport.Failure("10.0.0.9", REFUSED),
                                new JoinReport.Failure("nosuch.example:1", "lookup nosuch.example: no such host"))));
        assertThat(dialled)
                .as("it looks at the pool without showing itself, and joins only where that was answered")
                .containsExactlyInAnyOrder(
                        new Dialled(Samples.address(9), false),
                        new Dialled(Samples.address(2), false),
                        new Dialled(Samples.address(2), true));
        assertThat(toMembers).contains(Members.AnnounceJoin.INSTANCE);
    }

    @Test
    void aJoinIsTriedOnceMoreWhereTheConnectionWasHeldForAWhileAndThenCutOffWithoutAWord() throws InterruptedException {
        VirtualSystem.Recorder<JoinReport> reports = joinOfOneHeld(CUT_OFF, Duration.ofSeconds(2));
        assertThat(dialled).as("after a pause").hasSize(1);
        assertThat(reports.all()).isEmpty();
        virtual.pass(Duration.ofSeconds(1));

        assertThat(reports.all()).containsExactly(new JoinReport(1, List.of()));
        assertThat(dialled)
                .containsExactly(
                        new Dialled(Samples.address(2), false),
                        new Dialled(Samples.address(2), false),
                        new Dialled(Samples.address(2), true));
    }

    @Test
    void aJoinThatIsCutOffTwiceHasFailed() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: EOF");
        answers.put(Samples.address(2), CUT_OFF);

        VirtualSystem.Recorder<JoinReport> reports = joinOfOneHeld(CUT_OFF, Duration.ofSeconds(2));
        virtual.pass(Duration.ofSeconds(30));

        assertThat(reports.all())
                .containsExactly(new JoinReport(0, List.of(new JoinReport.Failure("10.0.0.2", "EOF"))));
        assertThat(dialled).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("finalFailures")
    void aJoinIsNotTriedAgainWhereItWasRefusedOrTookLong(Exchanged.Failed failed, Duration after)
            throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: " + failed.text());

        VirtualSystem.Recorder<JoinReport> reports = joinOfOneHeld(failed, after);

        assertThat(reports.all())
                .containsExactly(new JoinReport(0, List.of(new JoinReport.Failure("10.0.0.2", failed.text()))));
        virtual.pass(Duration.ofSeconds(2));
        assertThat(dialled).hasSize(1);
    }

    private static Stream<Arguments> finalFailures() {
        return Stream.of(
                Arguments.of(CUT_OFF, Duration.ofMillis(999)),
                Arguments.of(
                        CUT_OFF, SwimSettings.lan().tcpTimeout().dividedBy(2).plusMillis(1)),
                Arguments.of(
                        new Exchanged.Failed("No installed keys could decrypt the message"), Duration.ofSeconds(2)));
    }

    @Test
    void aJoinThatReachesNobodyAnnouncesNothing() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.9");

        assertThat(join(spawn(), "10.0.0.9").contacted()).isZero();

        assertThat(toMembers).doesNotContain(Members.AnnounceJoin.INSTANCE);
    }

    @Test
    void soonAfterAJoinViewsAreExchangedOnceMoreAndThenAtTheUsualPace() throws InterruptedException {
        join(spawn(Samples.member("b", 2)), "10.0.0.2");
        dialled.clear();

        virtual.pass(Duration.ofMillis(300));
        assertThat(dialled).isEmpty();
        virtual.pass(Duration.ofMillis(400));
        assertThat(dialled).containsExactly(new Dialled(Samples.address(2), false));
        virtual.pass(Duration.ofSeconds(29));
        assertThat(dialled).hasSize(1);
        virtual.pass(Duration.ofSeconds(1));
        assertThat(dialled).hasSize(2);
    }

    @Test
    void everyAddressOfANameIsJoined() throws InterruptedException {
        assertThat(join(spawn(), "seeds.example").contacted()).isEqualTo(2);

        assertThat(dialled)
                .filteredOn(Dialled::join)
                .extracting(Dialled::to)
                .containsExactlyInAnyOrder(Samples.address(2), Samples.address(3));
    }

    @Test
    void anAddressThatIsNoneIsAFailureWithItsReason() throws InterruptedException {
        virtual.expectWarning("invalid port '0'");

        JoinReport report = join(spawn(), "10.0.0.2:0");

        assertThat(report.failures())
                .containsExactly(new JoinReport.Failure("10.0.0.2:0", "invalid port '0' in address '10.0.0.2:0'"));
    }

    @Test
    void aViewThatCannotBeMergedIsAFailedJoin() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: other datacenter");
        objection = Optional.of("other datacenter");

        assertThat(join(spawn(), "10.0.0.2").failures())
                .containsExactly(new JoinReport.Failure("10.0.0.2", "other datacenter"));
    }

    @Test
    void anAnswerThatIsNoViewIsAFailedJoin() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: the answer is no push/pull");
        answers.put(Samples.address(2), new Exchanged.Sent());

        assertThat(join(spawn(), "10.0.0.2").contacted()).isZero();
    }

    @Test
    void whileNoTransportIsThereAJoinSaysSo() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: the gossip port is not bound");
        transport.lost();

        assertThat(join(spawn(), "10.0.0.2").contacted()).isZero();
    }

    @Test
    void aFaultOfOursIsReportedForEachAddressAndNotSwallowed() throws InterruptedException {
        virtual.expectWarning("Failed to join 10.0.0.2: ");
        virtual.expectWarning("Failed to join 10.0.0.3: ");
        membersAnswer = false;

        JoinReport report = join(spawn(), "10.0.0.2", "10.0.0.3");

        assertThat(report.contacted()).isZero();
        assertThat(report.failures()).extracting(JoinReport.Failure::address).containsExactly("10.0.0.2", "10.0.0.3");
    }

    @Test
    void nowAndThenItExchangesViewsWithSomebodyAlive() throws InterruptedException {
        spawn(
                Samples.member("b", 2),
                Samples.member("d", 4, NodeState.DEAD, SerfStatus.LEFT),
                Samples.member("e", 5, NodeState.SUSPECT, SerfStatus.ALIVE));

        virtual.pass(Duration.ofSeconds(90));

        assertThat(dialled).hasSize(3).containsOnly(new Dialled(Samples.address(2), false));
        assertThat(toMembers).noneMatch(Members.AnnounceJoin.INSTANCE::equals);
    }

    @Test
    void aMemberThatFailedIsTriedAgainByAJoinInCaseItIsBack() throws InterruptedException {
        answers.put(Samples.address(4), new Exchanged.Failed("connection refused"));
        spawn(Samples.member("d", 4, NodeState.DEAD, SerfStatus.FAILED));

        virtual.pass(Duration.ofSeconds(7));

        assertThat(dialled).hasSize(2).containsOnly(new Dialled(Samples.address(4), true));
    }

    private ActorRef<Sync.Command> spawn(MemberRecord... others) throws InterruptedException {
        ActorRef<Members.Command> members = virtual.spawn(Behaviors.receiveMessage(command -> {
            toMembers.add(command);
            if (membersAnswer && command instanceof Members.Describe describe) {
                describe.replyTo().tell(new PushPull(describe.join(), List.of(), Octets.empty()));
            } else if (command instanceof Members.Merge merge) {
                merge.replyTo().tell(new Members.Merged(objection));
            }
            return Behaviors.same();
        }));
        return virtual.spawn(Sync.create(new Sync.Links(
                members,
                Samples.view(virtual.<RemoteMember.Command>recorder().ref(), others),
                transport,
                Samples.proven(ClaimPolicy.upstream()),
                SyncTest::lookUp,
                Runnable::run,
                Samples.RULES,
                virtual.time(),
                new SplittableRandom(1),
                new PoolCounters())));
    }

    /** A join of 10.0.0.2, whose first exchange ends so after that time. */
    private VirtualSystem.Recorder<JoinReport> joinOfOneHeld(Exchanged end, Duration after)
            throws InterruptedException {
        CompletableFuture<Exchanged> first = new CompletableFuture<>();
        held.put(Samples.address(2), new ArrayDeque<>(List.of(first)));
        VirtualSystem.Recorder<JoinReport> reports = virtual.recorder();
        virtual.tell(spawn(), new Sync.Join(List.of("10.0.0.2"), reports.ref()));
        virtual.pass(after);
        first.complete(end);
        virtual.settle();
        return reports;
    }

    private JoinReport join(ActorRef<Sync.Command> sync, String... addresses) throws InterruptedException {
        VirtualSystem.Recorder<JoinReport> reports = virtual.recorder();
        virtual.tell(sync, new Sync.Join(List.of(addresses), reports.ref()));
        virtual.passUntil("a report", () -> !reports.all().isEmpty(), Duration.ofSeconds(30));
        return reports.all().get(0);
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.equals("seeds.example")) {
            return new InetAddress[] {
                Samples.address(2).getAddress(), Samples.address(3).getAddress()
            };
        }
        if (host.endsWith(".example")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(host)};
    }
}
