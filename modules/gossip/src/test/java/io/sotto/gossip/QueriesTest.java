package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.membership.query.ConflictAnswer;
import io.sotto.membership.query.QueryFilter;
import io.sotto.membership.query.QueryRequest;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.SerfMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries through whole pools, in virtual time. */
class QueriesTest {
    /** Longer than a query in a pool of at most nine lasts by default. */
    private static final Duration OVER = Duration.ofSeconds(4);

    private static final Octets NOTHING = Octets.empty();

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
    void everyMemberIsAskedOnceAndWhatItAnswersComesWithItsName() {
        List<Node> nodes = serf.formed("a", "b", "c", "d");
        List<VirtualSystem.Recorder<IncomingQuery>> asked =
                nodes.stream().map(serf::queriesAt).toList();

        VirtualSystem.Recorder<QueryProgress> progress = serf.ask(
                nodes.get(1), new QueryRequest("load", Octets.utf8("?"), List.of(), true, 0, Optional.empty()));
        serf.pools.virtual.pass(Duration.ofSeconds(1));
        for (int i = 0; i < nodes.size(); i++) {
            assertThat(asked.get(i).all()).hasSize(1);
            asked.get(i).all().get(0).answer(Octets.utf8("from " + i));
        }
        serf.pools.virtual.pass(OVER);

        IncomingQuery atD = asked.get(3).all().get(0);
        assertThat(atD.name()).isEqualTo("load");
        assertThat(atD.payload()).isEqualTo(Octets.utf8("?"));
        assertThat(atD.source()).isEqualTo("b");
        assertThat(progress.all().get(0)).isInstanceOf(QueryProgress.Started.class);
        assertThat(((QueryProgress.Started) progress.all().get(0)).timeout()).isEqualTo(Duration.ofMillis(3_200));
        assertThat(progress.all())
                .contains(
                        new QueryProgress.Acked("a"),
                        new QueryProgress.Acked("b"),
                        new QueryProgress.Acked("c"),
                        new QueryProgress.Acked("d"),
                        new QueryProgress.Answered("a", Octets.utf8("from 0")),
                        new QueryProgress.Answered("b", Octets.utf8("from 1")),
                        new QueryProgress.Answered("c", Octets.utf8("from 2")),
                        new QueryProgress.Answered("d", Octets.utf8("from 3")))
                .hasSize(10)
                .endsWith(new QueryProgress.Finished(4, 4));
    }

    @Test
    void onlyWhomAllFiltersMatchAreAskedAndAllPassItOn() {
        List<Node> nodes = serf.formed("a", "b", "c");
        List<VirtualSystem.Recorder<IncomingQuery>> asked =
                nodes.stream().map(serf::queriesAt).toList();

        serf.ask(
                nodes.get(0),
                filtered(new QueryFilter.Nodes(List.of("b", "c")), new QueryFilter.Tag("name", "^[a-b]$")));
        serf.pools.virtual.pass(OVER);

        assertThat(asked.get(0).all()).isEmpty();
        assertThat(asked.get(1).all()).hasSize(1);
        assertThat(asked.get(2).all()).isEmpty();
        assertThat(nodes.get(2).state().counters().queries.count(PoolCounters.QueryEnd.NOT_MEANT))
                .isEqualTo(1);
        assertThat(nodes.get(2).state().counters().queued.count(Broadcasts.Transmitted.QUERY))
                .isEqualTo(1);
    }

    @Test
    void anAnswerThatIsLateOrASecondOneIsNotSent() {
        List<Node> nodes = serf.formed("a", "b");
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(nodes.get(1));
        VirtualSystem.Recorder<QueryProgress> progress = serf.ask(nodes.get(0), QueryRequest.of("load", NOTHING));
        serf.pools.virtual.pass(Duration.ofSeconds(1));

        asked.all().get(0).answer(Octets.utf8("first"));
        asked.all().get(0).answer(Octets.utf8("second"));
        serf.pools.virtual.pass(OVER);
        serf.ask(nodes.get(0), QueryRequest.of("load", NOTHING));
        serf.pools.virtual.pass(OVER);
        asked.all().get(1).answer(Octets.utf8("late"));
        serf.pools.virtual.settle();

        assertThat(progress.all()).contains(new QueryProgress.Answered("b", Octets.utf8("first")));
        assertThat(progress.all()).last().isEqualTo(new QueryProgress.Finished(0, 1));
        assertThat(nodes.get(1).state().counters().answers.count(PoolCounters.AnswerEnd.LATE))
                .isEqualTo(2);
    }

    @Test
    void anAnswerMayBeAsLongAsItSaysAndNoLonger() {
        List<Node> nodes = serf.formed("a", "b");
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(nodes.get(1));
        VirtualSystem.Recorder<QueryProgress> fits = serf.ask(nodes.get(0), QueryRequest.of("load", NOTHING));
        VirtualSystem.Recorder<QueryProgress> tooLong = serf.ask(nodes.get(0), QueryRequest.of("load", NOTHING));
        serf.pools.virtual.pass(Duration.ofSeconds(1));
        long first = ((QueryProgress.Started) fits.all().get(0)).id();

        for (IncomingQuery query : asked.all()) {
            query.answer(Octets.wrap(new byte[query.answerMaxBytes() + (query.id() == first ? 0 : 1)]));
        }
        serf.pools.virtual.pass(OVER);

        assertThat(fits.all()).last().isEqualTo(new QueryProgress.Finished(0, 1));
        assertThat(tooLong.all()).last().isEqualTo(new QueryProgress.Finished(0, 0));
        assertThat(nodes.get(1).state().counters().answers.count(PoolCounters.AnswerEnd.OVERSIZE))
                .isEqualTo(1);
    }

    @Test
    void whereTheStraightWayIsCutAnAnswerComesOverAnotherMember() {
        List<Node> nodes = serf.formed("a", "b", "c");
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(nodes.get(1));
        QueryRequest relayed = new QueryRequest("load", NOTHING, List.of(), true, 2, Optional.empty());
        InetSocketAddress from = nodes.get(1).address();
        InetSocketAddress to = nodes.get(0).address();
        serf.pools.network.link((sender, receiver) -> !(sender.equals(from) && receiver.equals(to)));

        VirtualSystem.Recorder<QueryProgress> progress = serf.ask(nodes.get(0), relayed);
        serf.pools.virtual.passUntil("the query", () -> !asked.all().isEmpty(), Duration.ofSeconds(2));
        asked.all().get(0).answer(Octets.utf8("over c"));
        serf.pools.virtual.settle();

        assertThat(progress.all())
                .contains(new QueryProgress.Acked("b"), new QueryProgress.Answered("b", Octets.utf8("over c")));
        assertThat(nodes.get(2).state().counters().answers.count(PoolCounters.AnswerEnd.RELAYED))
                .isEqualTo(2);
    }

    @Test
    void anAnswerThatComesStraightAndOverOthersCountsOnce() {
        List<Node> nodes = serf.formed("a", "b", "c");
        nodes.forEach(node -> serf.pools.virtual.tell(node.pool(), new GossipPool.ServeQueries(answering("here"))));

        VirtualSystem.Recorder<QueryProgress> progress =
                serf.ask(nodes.get(0), new QueryRequest("load", NOTHING, List.of(), true, 2, Optional.empty()));
        serf.pools.virtual.pass(OVER);

        assertThat(progress.all()).last().isEqualTo(new QueryProgress.Finished(3, 3));
        assertThat(progress.all()).hasSize(8).doesNotHaveDuplicates();
        assertThat(nodes.get(0).state().counters().answers.count(PoolCounters.AnswerEnd.DUPLICATE))
                .isPositive();
    }

    @Test
    void aPingIsAckedByEverybodyAndReachesNoApplication() {
        List<Node> nodes = serf.formed("a", "b", "c");
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(nodes.get(2));

        VirtualSystem.Recorder<QueryProgress> progress =
                serf.ask(nodes.get(0), new QueryRequest("_serf_ping", NOTHING, List.of(), true, 0, Optional.empty()));
        serf.ask(nodes.get(0), QueryRequest.of("_serf_unheard-of", NOTHING));
        serf.pools.virtual.pass(OVER);

        assertThat(progress.all()).last().isEqualTo(new QueryProgress.Finished(3, 0));
        assertThat(asked.all()).isEmpty();
    }

    @Test
    void whoBearsANameIsAnsweredByAllButItsBearer() {
        List<Node> nodes = serf.formed("a", "b", "c");

        VirtualSystem.Recorder<QueryProgress> progress =
                serf.ask(nodes.get(0), QueryRequest.of("_serf_conflict", Octets.utf8("b")));
        serf.pools.virtual.pass(OVER);

        Octets known = ConflictAnswer.payload(nodes.get(0).state().members().find("b"));
        assertThat(progress.all())
                .contains(new QueryProgress.Answered("a", known))
                .last()
                .isEqualTo(new QueryProgress.Finished(0, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"install-key", "use-key", "remove-key", "list-keys"})
    void noKeyQueryIsAskedNorObeyed(String operation) {
        List<Node> nodes = serf.formed("a", "b");
        serf.pools.virtual.expectWarning("a query that counts only sealed came in the clear");
        String name = "_serf_" + operation;

        VirtualSystem.Recorder<QueryProgress> progress = serf.ask(nodes.get(0), QueryRequest.of(name, NOTHING));
        SerfMessage.Query query = query(9, 1, nodes.get(0), name, 1);
        int before = serf.pools.network.sent().size();
        serf.inject(nodes.get(0).address(), nodes.get(1), query);

        assertThat(progress.all())
                .containsExactly(new QueryProgress.Refused("key operations are not asked for by query"));
        assertThat(nodes.get(1).state().counters().queries.count(PoolCounters.QueryEnd.KEYS_IGNORED))
                .isEqualTo(1);
        assertThat(serf.pools.network.sent()).hasSize(before);
    }

    @Test
    void whatCannotBeAskedIsRefusedWithItsReason() {
        Node a = serf.pools.start("a");

        assertThat(refusal(a, QueryRequest.of("load", Octets.wrap(new byte[1_024]))))
                .isEqualTo("query exceeds limit of 1024 bytes");
        assertThat(refusal(a, filtered(new QueryFilter.Tag("role", "(a+)+\\1"))))
                .contains("RE2");
        assertThat(refusal(a, filtered(new QueryFilter.Tag("role", "((a{999}){999}){999}"))))
                .contains("RE2");
        assertThat(refusal(
                        a, new QueryRequest("load", NOTHING, List.of(), false, 0, Optional.of(Duration.ofSeconds(-1)))))
                .contains("timeout");
    }

    @Test
    void ofQueriesUnderWayAndUnansweredOnlySoManyAreKept() {
        Node a = serf.pools.start("a");
        int most = FloodSettings.defaults().queriesMax();
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(a);
        Duration anHour = Duration.ofHours(1);
        for (int i = 0; i < most; i++) {
            serf.ask(a, new QueryRequest("load", NOTHING, List.of(), false, 0, Optional.of(anHour)));
        }

        assertThat(refusal(a, QueryRequest.of("load", NOTHING))).isEqualTo("too many queries are under way, " + most);
        serf.inject(VirtualPools.address(2), a, foreign(5_000, VirtualPools.address(2)));
        asked.all().get(0).answer(NOTHING);
        serf.pools.virtual.settle();

        assertThat(asked.all()).hasSize(most + 1);
        assertThat(a.state().counters().answers.count(PoolCounters.AnswerEnd.LATE))
                .as("the eldest was given up")
                .isEqualTo(1);
    }

    @Test
    void aQueryWhoseAskerIsNobodyWeKnowIsPassedOnAndNotAnswered() {
        List<Node> nodes = serf.formed("a", "b");
        VirtualSystem.Recorder<IncomingQuery> asked = serf.queriesAt(nodes.get(0));

        serf.inject(VirtualPools.address(99), nodes.get(0), foreign(9, VirtualPools.address(200)));
        serf.pools.virtual.pass(OVER);

        assertThat(asked.all()).isEmpty();
        assertThat(nodes.get(0).state().counters().queries.count(PoolCounters.QueryEnd.UNANSWERABLE))
                .isEqualTo(1);
        assertThat(nodes.get(1).state().counters().queries.count(PoolCounters.QueryEnd.UNANSWERABLE))
                .isEqualTo(1);
        assertThat(serf.pools.network.sent()).noneMatch(sent -> sent.to().equals(VirtualPools.address(200)));
    }

    @Test
    void nothingButAnAnswerIsPassedOnAndOnlyToAMember() {
        List<Node> nodes = serf.formed("a", "b");
        serf.pools.virtual.tolerateWarning("memberlist: Refused a");
        Octets answer = Broadcasts.body(new SerfMessage.QueryResponse(1, 2, "x", 0, NOTHING));
        Octets event = Broadcasts.body(new SerfMessage.UserEvent(1, "x", NOTHING, false));
        NodeAddress stranger = NodeAddress.of(VirtualPools.address(200));
        NodeAddress b = NodeAddress.of(nodes.get(1).address());

        int before = sentTo(nodes.get(1).address());
        serf.inject(VirtualPools.address(99), nodes.get(0), new SerfMessage.Relay(stranger, "", "b", answer));
        serf.inject(VirtualPools.address(99), nodes.get(0), new SerfMessage.Relay(stranger, "", "", answer));
        serf.inject(VirtualPools.address(99), nodes.get(0), new SerfMessage.Relay(b, "", "b", event));
        assertThat(sentTo(nodes.get(1).address())).isEqualTo(before);
        serf.inject(VirtualPools.address(99), nodes.get(0), new SerfMessage.Relay(b, "", "b", answer));
        serf.inject(VirtualPools.address(99), nodes.get(0), new SerfMessage.Relay(b, "", "", answer));

        assertThat(sentTo(nodes.get(1).address())).isEqualTo(before + 2);
        assertThat(sentTo(VirtualPools.address(200))).isZero();
        assertThat(nodes.get(0).state().rejections().count(Rejection.Reason.THIRD_PARTY))
                .isEqualTo(2);
        assertThat(nodes.get(0).state().rejections().count(Rejection.Reason.TYPE))
                .isEqualTo(1);
    }

    private static QueryRequest filtered(QueryFilter... filters) {
        return new QueryRequest("load", NOTHING, List.of(filters), false, 0, Optional.empty());
    }

    private static SerfMessage.Query query(long ltime, long id, Node asker, String name, long flags) {
        return new SerfMessage.Query(
                ltime,
                id,
                NodeAddress.of(asker.address()),
                asker.name(),
                List.of(),
                flags,
                0,
                OVER.toNanos(),
                name,
                NOTHING);
    }

    /** From nobody's address but this. */
    private static SerfMessage.Query foreign(long ltime, InetSocketAddress asker) {
        return new SerfMessage.Query(
                ltime, 1, NodeAddress.of(asker), "x", List.of(), 1, 5, OVER.toNanos(), "load", NOTHING);
    }

    private ActorRef<IncomingQuery> answering(String payload) {
        return serf.pools.virtual.spawn(Behaviors.receiveMessage(query -> {
            query.answer(Octets.utf8(payload));
            return Behaviors.same();
        }));
    }

    private String refusal(Node node, QueryRequest request) {
        List<QueryProgress> all = serf.ask(node, request).all();
        assertThat(all).hasSize(1);
        return ((QueryProgress.Refused) all.get(0)).reason();
    }

    private int sentTo(InetSocketAddress to) {
        return (int) serf.pools.network.sent().stream()
                .filter(sent -> sent.to().equals(to))
                .count();
    }
}
