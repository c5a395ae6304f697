package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.event.UserEvent;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** User events through whole pools, in virtual time. */
class UserEventsTest {
    private static final Duration GOSSIP = Duration.ofSeconds(10);
    /** Two rounds of anti-entropy. */
    private static final Duration ANTI_ENTROPY = Duration.ofSeconds(61);

    private static final long SEED = 20_300_417;

    private SerfPools serf;

    @BeforeEach
    void setUp() {
        serf = new SerfPools();
    }

    @AfterEach
    void tearDown() {
        serf.close();
    }

    @Test
    void anEventReachesTheApplicationOfEveryMemberOnce() {
        List<Node> nodes = serf.formed("a", "b", "c", "d", "e");
        List<VirtualSystem.Recorder<UserEvent>> told = serf.eventsAt(nodes);

        Broadcasted sent = serf.broadcast(nodes.get(2), "deploy", "1.2.3");
        serf.pools.virtual.pass(GOSSIP);
        assertThat(told).allSatisfy(one -> assertThat(one.all()).hasSize(1));
        serf.pools.virtual.pass(ANTI_ENTROPY);

        assertThat(sent).isEqualTo(new Broadcasted.Sent(1));
        for (VirtualSystem.Recorder<UserEvent> one : told) {
            assertThat(one.all()).containsExactly(new UserEvent(1, "deploy", Octets.utf8("1.2.3"), false));
        }
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.state().clocks().events()).isEqualTo(2));
    }

    @Test
    void equalEventsThatAreSentTwiceAreTwoEvents() {
        List<Node> nodes = serf.formed("a", "b");
        VirtualSystem.Recorder<UserEvent> told = serf.eventsAt(nodes.get(1));

        serf.broadcast(nodes.get(0), "deploy", "1");
        serf.broadcast(nodes.get(0), "deploy", "1");
        serf.pools.virtual.pass(GOSSIP);

        assertThat(told.all()).extracting(UserEvent::ltime).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void whoJoinsIsNotToldWhatHappenedBefore() {
        List<Node> nodes = serf.formed("a", "b");
        serf.broadcast(nodes.get(0), "deploy", "1");
        serf.pools.virtual.pass(GOSSIP);
        Node late = serf.pools.start("late");
        VirtualSystem.Recorder<UserEvent> told = serf.eventsAt(late);

        serf.pools.join(late, nodes.get(0).target());
        serf.pools.virtual.pass(ANTI_ENTROPY);
        assertThat(told.all()).isEmpty();
        serf.broadcast(nodes.get(1), "deploy", "2");
        serf.pools.virtual.pass(GOSSIP);

        assertThat(told.all()).containsExactly(new UserEvent(2, "deploy", Octets.utf8("2"), false));
    }

    @Test
    void whoJoinsAndAsksForItIsToldWhatHappenedBeforeOnce() {
        List<Node> nodes = serf.formed("a", "b");
        serf.broadcast(nodes.get(0), "deploy", "1");
        serf.broadcast(nodes.get(1), "deploy", "2");
        serf.pools.virtual.pass(GOSSIP);
        Node late = serf.pools.start("late");
        VirtualSystem.Recorder<UserEvent> told = serf.eventsAt(late);
        VirtualSystem.Recorder<JoinReport> reports = serf.pools.virtual.recorder();

        serf.pools.virtual.tell(
                late.pool(),
                new GossipPool.Join(List.of(nodes.get(0).target(), nodes.get(1).target()), true, reports.ref()));
        serf.pools.virtual.pass(ANTI_ENTROPY);

        assertThat(told.all()).extracting(event -> event.payload()).containsExactly(Octets.utf8("1"), Octets.utf8("2"));
    }

    @Test
    void whoWasCutOffIsToldWhatItMissedOnce() {
        serf.pools.virtual.tolerateWarning("");
        List<Node> nodes = serf.formed("a", "b", "c");
        Node c = nodes.get(2);
        VirtualSystem.Recorder<UserEvent> told = serf.eventsAt(c);
        serf.pools.cutOff(c);
        serf.pools.virtual.passUntil(
                "a failure", () -> nodes.get(0).statusOf("c") == SerfStatus.FAILED, Duration.ofSeconds(60));

        serf.broadcast(nodes.get(0), "deploy", "1");
        serf.pools.virtual.pass(GOSSIP);
        assertThat(told.all()).isEmpty();
        serf.pools.heal();
        serf.pools.virtual.passUntil("the event", () -> !told.all().isEmpty(), Duration.ofMinutes(10));
        serf.pools.virtual.pass(ANTI_ENTROPY);

        assertThat(told.all()).containsExactly(new UserEvent(1, "deploy", Octets.utf8("1"), false));
    }

    @Test
    void withFortyInAHundredDatagramsLostEveryEventReachesEveryMemberOnce() {
        System.out.println("loss of datagrams: seed " + SEED);
        serf.pools.virtual.tolerateWarning("");
        List<Node> nodes = serf.formed("a", "b", "c", "d", "e", "f");
        List<VirtualSystem.Recorder<UserEvent>> told = serf.eventsAt(nodes);
        SplittableRandom random = new SplittableRandom(SEED);
        serf.pools.network.link((from, to) -> random.nextDouble() >= 0.4);

        for (int i = 0; i < 20; i++) {
            serf.broadcast(nodes.get(i % nodes.size()), "step", "" + i);
            serf.pools.virtual.pass(Duration.ofMillis(300));
        }
        serf.pools.virtual.pass(Duration.ofSeconds(90));
        serf.pools.heal();
        serf.pools.virtual.pass(ANTI_ENTROPY);

        for (VirtualSystem.Recorder<UserEvent> one : told) {
            assertThat(one.all())
                    .extracting(UserEvent::payload)
                    .doesNotHaveDuplicates()
                    .hasSize(20);
        }
    }

    @Test
    void whatIsTooLongIsRefusedAndMovesNoClock() {
        Node a = serf.pools.start("a");

        Broadcasted outcome = serf.broadcast(a, "deploy", "x".repeat(512));

        assertThat(outcome)
                .isEqualTo(new Broadcasted.Refused("user event exceeds configured limit of 512 bytes before encoding"));
        assertThat(a.state().clocks().events()).isEqualTo(1);
    }

    @Test
    void whoHasLeftSendsNothing() {
        Node a = serf.pools.start("a");
        VirtualSystem.Recorder<GossipPool.Left> left = serf.pools.virtual.recorder();
        serf.pools.virtual.tell(a.pool(), new GossipPool.Leave(left.ref()));
        serf.pools.virtual.pass(Duration.ofSeconds(20));

        assertThat(left.all()).hasSize(1);
        assertThat(serf.broadcast(a, "deploy", "1")).isEqualTo(new Broadcasted.Refused("this node has left its pool"));
    }

    @Test
    void whatCameIsGossipedOnInTheBytesInWhichItCame() {
        List<Node> nodes = serf.formed("a", "b");
        serf.pools.virtual.pass(GOSSIP);
        VirtualSystem.Recorder<UserEvent> told = serf.eventsAt(nodes.get(1));
        byte[] body = Broadcasts.body(new SerfMessage.UserEvent(7, "deploy", Octets.utf8("p"), true))
                .toArray();
        byte[] withRest = Arrays.copyOf(body, body.length + 3);

        serf.inject(VirtualPools.address(99), nodes.get(0), Octets.wrap(withRest));
        int before = serf.pools.network.sent().size();
        serf.pools.virtual.pass(Duration.ofSeconds(1));

        assertThat(told.all()).containsExactly(new UserEvent(7, "deploy", Octets.utf8("p"), true));
        assertThat(serf.userMessages(nodes.get(0), before)).contains(Octets.wrap(withRest));
    }

    @Test
    void aSubscriberThatStoppedIsForgottenAndTheOthersAreTold() {
        Node a = serf.pools.start("a");
        VirtualSystem.Recorder<UserEvent> gone = serf.eventsAt(a);
        VirtualSystem.Recorder<UserEvent> there = serf.eventsAt(a);

        serf.pools.virtual.stop(gone.ref());
        serf.broadcast(a, "deploy", "1");

        assertThat(gone.all()).isEmpty();
        assertThat(there.all()).hasSize(1);
    }
}
