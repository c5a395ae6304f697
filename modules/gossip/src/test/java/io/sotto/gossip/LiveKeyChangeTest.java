package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyKeeper.Answer;
import io.sotto.membership.MemberEvent;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two whole pools change their keys while they gossip: datagrams and streams follow with the next batch. */
class LiveKeyChangeTest {
    private static final String OLD = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String NEW = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    private VirtualPools rig;
    private VirtualPools.Node a;
    private VirtualPools.Node b;

    @BeforeEach
    void setUp() throws InterruptedException {
        rig = new VirtualPools();
        a = rig.start("a", VirtualPools.keyed(OLD), PoolSettings.Joining.nobody());
        b = rig.start("b", VirtualPools.keyed(OLD), PoolSettings.Joining.nobody());
        assertThat(rig.join(b, a.target()).contacted()).isEqualTo(1);
        rig.virtual.pass(Duration.ofSeconds(5));
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void aRotationInItsOrderLosesNoMemberAndNoPacket() throws InterruptedException {
        VirtualSystem.Recorder<MemberEvent> events = rig.virtual.recorder();
        rig.virtual.tell(a.pool(), new GossipPool.Subscribe(events.ref()));
        events.take();

        for (VirtualPools.Node node : List.of(a, b)) {
            assertThat(change(node, KeyKeeper.Install::new, NEW)).isEqualTo(done(OLD, NEW));
            rig.virtual.pass(Duration.ofSeconds(10));
        }
        assertThat(sealedWith(OLD, Duration.ofSeconds(3))).isTrue();
        for (VirtualPools.Node node : List.of(a, b)) {
            assertThat(change(node, KeyKeeper.Use::new, NEW)).isEqualTo(done(NEW, OLD));
            rig.virtual.pass(Duration.ofSeconds(10));
        }
        for (VirtualPools.Node node : List.of(a, b)) {
            assertThat(change(node, KeyKeeper.Remove::new, OLD)).isEqualTo(done(NEW));
            rig.virtual.pass(Duration.ofSeconds(10));
        }
        // Past the wipe of the old key, and past a push/pull, which is a stream.
        rig.virtual.pass(Duration.ofMinutes(2));

        assertThat(sealedWith(NEW, Duration.ofSeconds(3))).isTrue();
        assertThat(a.stateOf("b")).contains(NodeState.ALIVE);
        assertThat(b.stateOf("a")).contains(NodeState.ALIVE);
        assertThat(a.state().rejections().total()).isZero();
        assertThat(b.state().rejections().total()).isZero();
        assertThat(a.state().members().find("b").orElseThrow().incarnation()).isEqualTo(1);
        assertThat(events.take()).as("no failure, no return").isEmpty();
    }

    @Test
    void streamsFollowTheRingTooSoAMemberWithTheNewKeyJoins() throws InterruptedException {
        change(a, KeyKeeper.Install::new, NEW);
        change(b, KeyKeeper.Install::new, NEW);
        change(a, KeyKeeper.Use::new, NEW);
        change(b, KeyKeeper.Use::new, NEW);
        VirtualPools.Node c = rig.start("c", VirtualPools.keyed(NEW), PoolSettings.Joining.nobody());

        assertThat(rig.join(c, a.target()).contacted()).isEqualTo(1);

        assertThat(c.names()).containsExactly("a", "b", "c");
    }

    @Test
    void aKeyThatIsRemovedOpensNothingFromThenOn() throws InterruptedException {
        change(a, KeyKeeper.Install::new, NEW);
        change(b, KeyKeeper.Install::new, NEW);
        change(a, KeyKeeper.Use::new, NEW);
        change(a, KeyKeeper.Remove::new, OLD);
        rig.virtual.tolerateWarning("memberlist: ");
        rig.virtual.tolerateWarning("Refuting");

        rig.virtual.pass(Duration.ofSeconds(3));

        assertThat(a.state().rejections().count(Rejection.Reason.UNDECRYPTABLE)).isPositive();
        assertThat(b.state().rejections().count(Rejection.Reason.UNDECRYPTABLE)).isZero();
    }

    @Test
    void aRequestThatComesBeforeThePoolRunsIsAnsweredOnceItDoes() throws InterruptedException {
        VirtualSystem.Recorder<Answer> answers = rig.virtual.recorder();
        PoolSettings settings =
                rig.settings("d", VirtualPools.address(9), VirtualPools.keyed(OLD), PoolSettings.Joining.nobody());
        ActorRef<GossipPool.Command> pool = rig.virtual
                .system()
                .systemActorOf(
                        GossipPool.create(settings, rig.environment(), PoolState.create(settings, rig.virtual.time())),
                        "d",
                        Props.empty());

        pool.tell(new GossipPool.Keys(new KeyKeeper.ListKeys(answers.ref())));
        rig.virtual.settle();

        assertThat(answers.all()).containsExactly(done(OLD));
    }

    @Test
    void aPoolThatCannotRunRefusesEveryChangeWithTheReason() throws InterruptedException {
        VirtualSystem.Recorder<Answer> answers = rig.virtual.recorder();
        rig.sockets.down(true);
        VirtualPools.Node failed = rig.start("d", VirtualPools.keyed(OLD), PoolSettings.Joining.nobody());

        rig.virtual.tell(failed.pool(), new GossipPool.Keys(new KeyKeeper.ListKeys(answers.ref())));

        assertThat(answers.all()).singleElement().isInstanceOf(Answer.Refused.class);
    }

    private Answer change(
            VirtualPools.Node node, BiFunction<GossipKey, ActorRef<Answer>, KeyKeeper.Request> verb, String key)
            throws InterruptedException {
        VirtualSystem.Recorder<Answer> answers = rig.virtual.recorder();
        rig.virtual.tell(node.pool(), new GossipPool.Keys(verb.apply(GossipKey.parse(key), answers.ref())));
        assertThat(answers.all()).hasSize(1);
        return answers.all().get(0);
    }

    /** Whether this key opens every datagram that the two send in that time, and there are some. */
    private boolean sealedWith(String key, Duration time) throws InterruptedException {
        int before = rig.network.sent().size();
        rig.virtual.pass(time);
        var sent = rig.network.sent();
        assertThat(sent.size()).isGreaterThan(before);
        Opener opener = new Opener();
        return sent.subList(before, sent.size()).stream()
                .allMatch(datagram -> opener.open(Keyring.of(GossipKey.parse(key)), datagram.bytes(), Octets.empty())
                        instanceof Opened.Plain);
    }

    private static Answer done(String... keys) {
        GossipKey[] others =
                List.of(keys).stream().skip(1).map(GossipKey::parse).toArray(GossipKey[]::new);
        return new Answer.Done(Keyring.of(GossipKey.parse(keys[0]), others));
    }
}
