package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.PoolCounters.QueryEnd;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key holder asks for one key operation after the other while the keyring's disk stands still. */
class WaitingKeyQueriesTest {
    private static final int MAX = 5;
    private static final Octets QUESTION =
            KeyMessages.question(Optional.of(GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==")));

    private VirtualSystem virtual;
    private PoolCounters counters;
    private VirtualSystem.Recorder<Broadcasts.Command> sent;
    private VirtualSystem.Recorder<KeyKeeper.Command> keyring;
    private ActorRef<Events.Command> events;
    private int asked;

    @BeforeEach
    void setUp() {
        virtual = new VirtualSystem();
        counters = new PoolCounters();
        sent = virtual.recorder();
        keyring = virtual.recorder();
        FloodSettings flood = new FloodSettings(1_000, 1_024, 8_192, 4_096, 10, 4_096, 65_536, 256, 1 << 20, MAX);
        events = virtual.spawn(Events.create(Samples.events(
                virtual,
                sent.ref(),
                keyring.ref(),
                Samples.view(virtual.<RemoteMember.Command>recorder().ref(), Samples.member("b", 2)),
                new Published<>(EventClocks.first()),
                flood,
                counters)));
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void noMoreWaitThanMayAndTheOthersAreCountedAndNotAnswered(KeyOperation operation) {
        for (int i = 0; i < 20 * MAX; i++) {
            ask(operation);
        }

        assertThat(keyring.all()).hasSize(MAX);
        assertThat(counters.queries.count(QueryEnd.HANDLED)).isEqualTo(20 * MAX);
        assertThat(counters.queries.count(QueryEnd.FULL)).isEqualTo(19 * MAX);
        assertThat(answers()).isZero();
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void anAnswerMakesRoomForOneMore(KeyOperation operation) {
        for (int i = 0; i < MAX + 1; i++) {
            ask(operation);
        }
        KeyKeeper.Request first = (KeyKeeper.Request) keyring.take().get(0);
        virtual.tell(first.replyTo(), new KeyKeeper.Answer.Refused("no"));
        assertThat(answers()).isEqualTo(1);

        ask(operation);
        ask(operation);

        assertThat(keyring.all()).hasSize(1);
        assertThat(counters.queries.count(QueryEnd.FULL)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void aKeyringThatNeverAnswersHoldsTheRoomForATimeOnly(KeyOperation operation) {
        for (int i = 0; i < MAX; i++) {
            ask(operation);
        }
        virtual.pass(Duration.ofSeconds(11));
        keyring.take();
        assertThat(answers()).as("told that it took too long").isEqualTo(MAX);

        ask(operation);

        assertThat(keyring.all()).hasSize(1);
        assertThat(counters.queries.count(QueryEnd.FULL)).isZero();
    }

    private void ask(KeyOperation operation) {
        asked++;
        SerfMessage.Query query = new SerfMessage.Query(
                asked,
                asked,
                Samples.member("b", 2).address(),
                "b",
                List.of(),
                0,
                0,
                Duration.ofSeconds(5).toNanos(),
                operation.query().queryName(),
                QUESTION);
        virtual.tell(events, new Events.Heard(query, Octets.wrap(SerfCodec.encode(query)), Samples.address(2), true));
    }

    private long answers() {
        return sent.all().stream().filter(Broadcasts.Send.class::isInstance).count();
    }
}
