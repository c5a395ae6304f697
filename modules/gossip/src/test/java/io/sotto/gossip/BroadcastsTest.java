package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.Outbound;
import io.sotto.gossip.datapath.Outbox;
import io.sotto.gossip.datapath.Sealing;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BroadcastsTest {
    private static final int BUFFER_BYTES = SwimSettings.lan().udpBufferBytes();
    private static final int NEWS_MAX = 100;
    private static final WirePolicy SEALED = WirePolicy.sealed(Keyring.of(GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==")));
    private static final SwimMessage.Ack ACK = new SwimMessage.Ack(1, Octets.empty());

    private final List<Outbound> sent = new CopyOnWriteArrayList<>();
    private final QueueDepths depths = new QueueDepths();
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Broadcasts.Transmitted> out;
    private SwimSettings swim = SwimSettings.lan();

    /** What may be given to be told. */
    private enum News {
        CLAIM,
        INTENT,
        EVENT,
        QUERY,
        CONFIDENTIAL_QUERY
    }

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        out = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void newsIsGossipedToThreeMembersPerTickUntilItWasSentOftenEnough() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(4));

        virtual.tell(broadcasts, claim("b", 2));
        virtual.pass(Duration.ofMillis(200));
        assertThat(sent).hasSize(3);
        assertThat(sent.stream().map(Outbound::to).distinct()).hasSize(3);
        assertThat(out.all()).isEmpty();
        virtual.pass(Duration.ofMillis(200));

        assertThat(sent).as("4 transmissions for 5 members").hasSize(4);
        assertThat(out.all()).containsExactly(Broadcasts.Transmitted.CLAIM);
        virtual.pass(Duration.ofSeconds(5));
        assertThat(sent).hasSize(4);
    }

    @Test
    void whoLeftIsToldNothingAndWhoFailedIsToldForHalfAMinute() throws InterruptedException {
        MemberRecord left = Samples.member(
                "l", 8, NodeState.LEFT, SerfStatus.LEFT, virtual.time().now());
        MemberRecord dead = Samples.member(
                "d", 9, NodeState.DEAD, SerfStatus.FAILED, virtual.time().now());
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), left, dead);

        virtual.tell(broadcasts, claim("b", 2));
        virtual.pass(Duration.ofSeconds(10));
        assertThat(sent).isNotEmpty().allMatch(datagram -> datagram.to().equals(Samples.address(9)));
        virtual.pass(Duration.ofSeconds(21));
        sent.clear();
        virtual.tell(broadcasts, claim("b", 3));
        virtual.pass(Duration.ofSeconds(5));

        assertThat(sent).isEmpty();
    }

    @Test
    void onlyPeersThatKnowChecksumsAreSentThem() throws InterruptedException {
        MemberRecord modern = Samples.member("b", 2);
        MemberRecord unknown = new MemberRecord(
                "c",
                Samples.member("c", 3).address(),
                Octets.empty(),
                ProtocolVersions.UNKNOWN.toOctets(),
                1,
                NodeState.ALIVE,
                virtual.time().now(),
                SerfStatus.ALIVE,
                0,
                true);
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), modern, unknown);

        virtual.tell(broadcasts, claim("b", 2));
        virtual.pass(Duration.ofMillis(200));

        assertThat(sent)
                .hasSize(2)
                .allMatch(datagram ->
                        datagram.peerReadsChecksum() == datagram.to().equals(Samples.address(2)));
    }

    @Test
    void laterNewsReplacesEarlierNewsOfTheSameMemberAndWhoeverWaitedIsTold() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());

        virtual.tell(broadcasts, claim("b", 2));
        assertThat(out.all()).isEmpty();
        virtual.tell(broadcasts, claim("b", 3));
        assertThat(out.all()).containsExactly(Broadcasts.Transmitted.CLAIM);
        virtual.tell(broadcasts, ack());

        assertThat(onlyParts()).containsExactly(encoded(ACK), encoded(Samples.alive("b", 2, 3)));
    }

    @Test
    void intentsReplaceNothingAndComeAfterClaims() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        Octets join = Broadcasts.body(new SerfMessage.Join(1, "b"));
        Octets leave = Broadcasts.body(new SerfMessage.Leave(2, "b", false));

        virtual.tell(broadcasts, new Broadcasts.QueueIntent(join, out.ref()));
        virtual.tell(broadcasts, new Broadcasts.QueueIntent(leave, out.ref()));
        virtual.tell(broadcasts, claim("b", 2));
        virtual.tell(broadcasts, ack());

        assertThat(onlyParts())
                .startsWith(encoded(ACK), encoded(Samples.alive("b", 2, 2)))
                .contains(encoded(new SwimMessage.User(join)), encoded(new SwimMessage.User(leave)))
                .hasSize(4);
    }

    @Test
    void queriesComeAfterIntentsAndUserEventsLast() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        Octets event = Octets.utf8("event");
        Octets query = Octets.utf8("query");
        Octets intent = Octets.utf8("intent");

        virtual.tell(broadcasts, new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, event));
        virtual.tell(broadcasts, new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, query));
        virtual.tell(broadcasts, new Broadcasts.QueueIntent(intent, out.ref()));
        assertThat(depths.queries()).isEqualTo(1);
        assertThat(depths.events()).isEqualTo(1);
        virtual.tell(broadcasts, ack());

        assertThat(onlyParts())
                .containsExactly(
                        encoded(ACK),
                        encoded(new SwimMessage.User(intent)),
                        encoded(new SwimMessage.User(query)),
                        encoded(new SwimMessage.User(event)));
    }

    @Test
    void whatFitsIntoNoDatagramIsNotQueuedAndTheQueuesAreBounded() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        Octets longest = Octets.wrap(new byte[BUFFER_BYTES - 2 - 3]);
        int most = SerfSettings.serf().queueMaxDepth();

        virtual.tell(
                broadcasts,
                new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, Octets.wrap(new byte[longest.length() + 1])));
        assertThat(depths.events()).isZero();
        assertThat(depths.dropped()).isEqualTo(1);
        virtual.tell(broadcasts, new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, longest));
        assertThat(depths.events()).isEqualTo(1);
        for (int i = 0; i < most + 10; i++) {
            broadcasts.tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, Octets.utf8("q" + i)));
        }
        virtual.settle();

        assertThat(depths.queries()).isEqualTo(most);
        assertThat(depths.dropped()).isEqualTo(11);
    }

    @Test
    void aMessageTakesAlongExactlyWhatFits() throws InterruptedException {
        int room = BUFFER_BYTES - 2 - encoded(ACK).length();
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());

        virtual.tell(broadcasts, claimOf("b", room - 2 + 1));
        virtual.tell(broadcasts, ack());
        assertThat(onlyParts()).hasSize(1);
        sent.clear();
        virtual.tell(broadcasts, claimOf("b", room - 2));
        virtual.tell(broadcasts, ack());

        assertThat(onlyParts()).hasSize(2);
    }

    @Test
    void anEnvelopeTakesRoomAway() throws InterruptedException {
        int room = BUFFER_BYTES - 2 - 29 - encoded(ACK).length();
        ActorRef<Broadcasts.Command> broadcasts = spawn(SEALED);

        virtual.tell(broadcasts, claimOf("b", room - 2 + 1));
        virtual.tell(broadcasts, ack());
        assertThat(onlyParts()).hasSize(1);
        sent.clear();
        virtual.tell(broadcasts, claimOf("b", room - 2));
        virtual.tell(broadcasts, ack());

        assertThat(onlyParts()).hasSize(2);
    }

    @Test
    void aSuspectIsToldOfItsSuspicionAndNothingElse() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        SwimMessage.Suspect suspicion = new SwimMessage.Suspect(1, "b", "self");

        virtual.tell(broadcasts, claim("c", 3));
        virtual.tell(broadcasts, new Broadcasts.Send(Samples.address(2), List.of(ACK, suspicion), false, true));

        assertThat(onlyParts()).containsExactly(encoded(ACK), encoded(suspicion));
        assertThat(sent.get(0).peerReadsChecksum()).isTrue();
    }

    @Test
    void operatorsSeeHowMuchWaits() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(2));

        virtual.tell(broadcasts, claim("b", 2));
        virtual.tell(broadcasts, new Broadcasts.QueueIntent(Octets.utf8("intent"), out.ref()));
        assertThat(depths.claims()).isEqualTo(1);
        assertThat(depths.intents()).isEqualTo(1);
        virtual.pass(Duration.ofSeconds(2));

        assertThat(depths.claims()).isZero();
        assertThat(depths.intents()).isZero();
        assertThat(out.all()).containsExactlyInAnyOrder(Broadcasts.Transmitted.CLAIM, Broadcasts.Transmitted.INTENT);
    }

    @Test
    void tooManyIntentsPushTheOldestOutAndWhoeverWaitedIsTold() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        int bound = SerfSettings.serf().queueMaxDepth();

        for (int i = 0; i < bound; i++) {
            broadcasts.tell(new Broadcasts.QueueIntent(Octets.utf8("intent"), out.ref()));
        }
        virtual.settle();
        assertThat(out.all()).isEmpty();
        virtual.tell(broadcasts, new Broadcasts.QueueIntent(Octets.utf8("intent"), out.ref()));

        assertThat(out.all()).containsExactly(Broadcasts.Transmitted.INTENT);
        assertThat(depths.intents()).isEqualTo(bound);
    }

    @Test
    void noMoreClaimsWaitThanMayAndNewsOfOurselvesIsNeverDropped() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain());
        broadcasts.tell(new Broadcasts.QueueClaim("self", Samples.alive("self", 1, 9), out.ref()));

        for (int i = 0; i < 3 * NEWS_MAX; i++) {
            broadcasts.tell(claim("a-much-longer-name-" + i, 2));
        }
        virtual.settle();
        assertThat(depths.claims()).isEqualTo(NEWS_MAX);
        assertThat(depths.dropped()).isEqualTo(2L * NEWS_MAX + 1);
        virtual.tell(broadcasts, Broadcasts.Send.withGossip(Samples.address(2), ACK));
        for (int i = 0; i < NEWS_MAX; i++) {
            broadcasts.tell(Broadcasts.Send.withGossip(Samples.address(2), ACK));
        }
        virtual.settle();

        assertThat(sent.stream().flatMap(datagram -> datagram.parts().stream()))
                .contains(Replies.encode(Samples.alive("self", 1, 9)));
    }

    @Test
    void newsThatComesAfterASilenceIsToldBeforeTheNextTickAndNoMoreOften() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(9));
        passTicks(5);

        virtual.tell(broadcasts, claim("b", 2));
        virtual.tell(broadcasts, claim("c", 2));
        assertThat(sent).as("at once").isEmpty();
        virtual.pass(Duration.ofMillis(10));

        assertThat(sent).hasSize(3).allMatch(datagram -> datagram.parts().size() == 2);
        virtual.pass(Duration.ofSeconds(5));
        assertThat(sent.stream().mapToInt(datagram -> datagram.parts().size()).sum())
                .as("8 transmissions of each for 10 members")
                .isEqualTo(2 * 8);
    }

    @Test
    void aSilenceSavesThreeRoundsAndNoMore() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(200));
        passTicks(50);

        for (int i = 0; i < 8; i++) {
            virtual.tell(broadcasts, claim("news-" + i, 2));
            virtual.pass(Duration.ofMillis(11));
        }
        // The next tick is up to 200 ms after the last.
        assertThat(sent.size()).as("datagrams within 88 ms").isBetween(3 * 3, 3 * 3 + 3);

        virtual.pass(Duration.ofSeconds(1));
        sent.clear();
        for (int i = 0; i < 100; i++) {
            virtual.tell(broadcasts, claim("more-" + i, 2));
            virtual.pass(Duration.ofMillis(50));
        }
        assertThat(sent.size()).as("datagrams in 25 ticks").isLessThanOrEqualTo(3 * 26);
    }

    @Test
    void theTickerRestsWhileThereIsNothingToTell() throws InterruptedException {
        spawn(WirePolicy.plain(), pool(9));
        passTicks(Broadcasts.SAVED_MAX + 1);

        long before = virtual.tasks();
        passTicks(100);

        assertThat(virtual.tasks()).as("runs of timers and mailboxes").isEqualTo(before);
    }

    @Test
    void theTickerKeepsItsRhythmOverARest() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(9));
        virtual.tell(broadcasts, claim("b", 2));
        virtual.passUntil("the first tick", () -> !sent.isEmpty(), Duration.ofMillis(200));
        long aTick = virtual.time().nanos();
        virtual.pass(Duration.ofMillis(100_070));
        sent.clear();

        virtual.tell(broadcasts, claim("b", 3));
        virtual.passUntil("the round that was saved", () -> sent.size() == 3, Duration.ofMillis(10));
        virtual.passUntil("the next tick", () -> sent.size() == 6, Duration.ofMillis(200));

        assertThat((virtual.time().nanos() - aTick) % Duration.ofMillis(200).toNanos())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(News.class)
    void theTickerWakesForWhateverIsToBeTold(News what) throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(SEALED, pool(9));
        passTicks(Broadcasts.SAVED_MAX + 1);

        virtual.tell(broadcasts, news(what));
        virtual.pass(Duration.ofMillis(10));
        assertThat(sent).as("the round that was saved").hasSize(3);
        virtual.pass(SwimSettings.lan().gossipInterval());

        assertThat(sent).as("the round of the next tick too").hasSize(6);
    }

    @Test
    void anotherIntervalHoldsAtOnceThoughTheTickerRests() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(SEALED, pool(9));
        passTicks(Broadcasts.SAVED_MAX + 1);

        swim = swim.withGossip(Duration.ofMillis(50), 3);
        virtual.tell(broadcasts, Broadcasts.Retimed.INSTANCE);
        virtual.tell(broadcasts, claim("b", 2));
        virtual.pass(Duration.ofMillis(50));

        assertThat(sent).as("the round that was saved, and the next tick's").hasSize(6);
    }

    @Test
    void moreFreshNewsThanARoundHoldsIsToldInSeveralRoundsOfATick() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(50));
        for (int i = 0; i < 90; i++) {
            broadcasts.tell(claimOf("member-" + i, 250));
        }
        virtual.settle();
        virtual.pass(Duration.ofMillis(200));

        // 5 of them fill a packet.
        assertThat(sent).hasSize(3 * Broadcasts.ROUNDS_MAX);
    }

    @ParameterizedTest
    @MethodSource("keyed")
    void aKeyQueryIsGossipedAtEachTickUntilItWasSentOftenEnoughThoughNothingElseWaits(WirePolicy policy)
            throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(policy, pool(4));
        Octets query = Octets.utf8("query");

        virtual.tell(broadcasts, new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, query, Sealing.ALWAYS));
        virtual.pass(Duration.ofMillis(200));
        assertThat(sent).hasSize(3);
        virtual.pass(Duration.ofMillis(200));

        assertThat(sent).as("4 transmissions for 5 members").hasSize(4).allSatisfy(datagram -> {
            assertThat(datagram.parts()).containsExactly(encoded(new SwimMessage.User(query)));
            assertThat(datagram.sealing()).isEqualTo(Sealing.ALWAYS);
        });
        virtual.pass(Duration.ofSeconds(5));
        assertThat(sent).hasSize(4);
        assertThat(depths.queries()).isZero();
    }

    @Test
    void oldNewsComesAfterWhatIsFreshAndIsToldLessOften() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(9));
        SwimMessage.Claim old = Samples.alive("old", 2, 2);
        virtual.tell(broadcasts, new Broadcasts.QueueClaim("old", old, out.ref(), true));
        virtual.tell(broadcasts, claim("b", 3));
        virtual.tell(broadcasts, ack());
        assertThat(onlyParts()).containsExactly(encoded(ACK), encoded(Samples.alive("b", 2, 3)), encoded(old));

        virtual.pass(Duration.ofSeconds(5));

        List<Octets> parts =
                sent.stream().flatMap(datagram -> datagram.parts().stream()).toList();
        assertThat(parts.stream().filter(encoded(old)::equals)).hasSize(4);
        assertThat(parts.stream().filter(encoded(Samples.alive("b", 2, 3))::equals))
                .hasSize(8);
    }

    @Test
    void anIntroductionTakesAsManyDatagramsAsItNeedsAndNoNewsAlong() throws InterruptedException {
        ActorRef<Broadcasts.Command> broadcasts = spawn(WirePolicy.plain(), pool(9));
        List<SwimMessage.Claim> claims = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            claims.add(Samples.alive("member-" + i, 2, 2));
        }
        virtual.tell(broadcasts, claim("b", 3));

        virtual.tell(broadcasts, new Broadcasts.Introduce(Samples.address(2), claims));

        assertThat(sent).allMatch(datagram -> datagram.to().equals(Samples.address(2)));
        assertThat(sent.stream().flatMap(datagram -> datagram.parts().stream()))
                .containsExactlyElementsOf(
                        claims.stream().map(BroadcastsTest::encoded).toList());
        assertThat(sent)
                .allMatch(datagram -> datagram.parts().stream()
                                .mapToInt(part -> part.length() + 2)
                                .sum()
                        <= BUFFER_BYTES - 2);
        assertThat(sent.size()).isLessThan(10);
    }

    /** Pools with a key: one that seals everything, and one on its way to it. */
    private static Stream<WirePolicy> keyed() {
        return Stream.of(SEALED, SEALED.withDemands(false, false));
    }

    private void passTicks(int ticks) throws InterruptedException {
        virtual.pass(SwimSettings.lan().gossipInterval().multipliedBy(ticks));
    }

    private ActorRef<Broadcasts.Command> spawn(WirePolicy policy, MemberRecord... others) throws InterruptedException {
        Outbox outbox = new Outbox() {
            @Override
            public boolean offer(Outbound outbound) {
                return sent.add(outbound);
            }

            @Override
            public long dropped() {
                return 0;
            }
        };
        return virtual.spawn(Broadcasts.create(
                new Broadcasts.Links(
                        Samples.view(virtual.<RemoteMember.Command>recorder().ref(), others),
                        () -> policy,
                        outbox,
                        Samples.inflow(),
                        NEWS_MAX,
                        () -> swim,
                        SerfSettings.serf(),
                        virtual.time(),
                        new SplittableRandom(1),
                        new PoolCounters()),
                depths));
    }

    private static MemberRecord[] pool(int others) {
        MemberRecord[] records = new MemberRecord[others];
        for (int i = 0; i < others; i++) {
            records[i] = Samples.member("m" + i, i + 2);
        }
        return records;
    }

    private Broadcasts.Command news(News what) {
        Octets body = Octets.utf8("news");
        return switch (what) {
            case CLAIM -> claim("b", 2);
            case INTENT -> new Broadcasts.QueueIntent(body, out.ref());
            case EVENT -> new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, body);
            case QUERY -> new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, body);
            case CONFIDENTIAL_QUERY -> new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, body, Sealing.ALWAYS);
        };
    }

    private Broadcasts.QueueClaim claim(String name, long incarnation) {
        return new Broadcasts.QueueClaim(name, Samples.alive(name, 2, incarnation), out.ref());
    }

    /** A claim that takes exactly so many bytes. */
    private Broadcasts.QueueClaim claimOf(String name, int bytes) {
        int others = encoded(longNamed(name, 300)).length() - 300;
        SwimMessage.Claim claim = longNamed(name, bytes - others);
        assertThat(encoded(claim).length()).isEqualTo(bytes);
        return new Broadcasts.QueueClaim(name, claim, out.ref());
    }

    private static SwimMessage.Claim longNamed(String name, int from) {
        return new SwimMessage.Dead(1, name, "x".repeat(from));
    }

    private static Broadcasts.Send ack() {
        return Broadcasts.Send.withGossip(Samples.address(2), ACK);
    }

    private static Octets encoded(SwimMessage message) {
        return Replies.encode(message);
    }

    private List<Octets> onlyParts() {
        assertThat(sent).hasSize(1);
        return sent.get(0).parts();
    }
}
