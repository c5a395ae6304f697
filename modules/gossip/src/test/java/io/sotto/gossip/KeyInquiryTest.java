package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.query.QueryFilter;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a key operation asks, and when; queries are played by hand. */
class KeyInquiryTest {
    private static final GossipKey KEY = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
    private static final WirePolicy SEALED = WirePolicy.sealed(Keyring.of(GossipKey.of(new byte[16])));

    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Events.Command> events;
    private VirtualSystem.Recorder<KeyKeeper.Command> keyring;
    private VirtualSystem.Recorder<KeyReport> reports;
    private Published<MembersView> view = new Published<>(MembersView.alone(Samples.SELF));
    private WirePolicy policy = SEALED;

    @BeforeEach
    void setUp() {
        virtual = new VirtualSystem();
        events = virtual.recorder();
        keyring = virtual.recorder();
        reports = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @ParameterizedTest
    @EnumSource(KeyOperation.class)
    void whoIsSilentIsAskedTheSameOnceMoreAndNobodyElseIs(KeyOperation operation) {
        inquire(operation, KeyInquiry.Audience.ALL, "b", "c", "d");
        Events.AskOwn first = started();
        answer(first, "b", done());
        answer(first, "d", done());
        over(first);
        Events.AskOwn second = started();
        answer(second, "c", done());
        ownRingAnswers();

        QueryRequest asked = first.request();
        assertThat(asked.name()).isEqualTo(operation.query().queryName());
        assertThat(asked.payload()).isEqualTo(KeyMessages.question(key(operation)));
        assertThat(asked.filters()).isEmpty();
        assertThat(asked.relayFactor()).isEqualTo(2);
        assertThat(second.request()).isEqualTo(with(asked, new QueryFilter.Nodes(List.of("c"))));
        assertThat(report()).matches(KeyReport::isDoneEverywhere);
        assertThat(report().answers().keySet()).containsExactly("b", "c", "d", "self");
    }

    @Test
    void whoIsSilentTwiceIsNamedAndNotAskedAThirdTime() {
        inquire(KeyOperation.INSTALL, KeyInquiry.Audience.ALL, "b", "c");
        Events.AskOwn first = started();
        ownRingAnswers();
        answer(first, "b", done());
        over(first);
        Events.AskOwn second = started();
        assertThat(reports.all()).as("before the second question is over").isEmpty();
        over(second);

        assertThat(report().silent()).containsExactly("c");
        assertThat(report().members()).isEqualTo(3);
        assertThat(events.all()).isEmpty();
    }

    @Test
    void theNamesStandBesideTheFilterThatThereWas() {
        inquire(KeyOperation.LIST, KeyInquiry.Audience.OTHER_SOFTWARE, "b", "c");
        Events.AskOwn first = started();
        answer(first, "b", done());
        over(first);

        QueryFilter others = SottoQuery.othersOnly().get(0);
        assertThat(first.request().filters()).containsExactly(others);
        assertThat(started().request().filters()).containsExactly(others, new QueryFilter.Nodes(List.of("c")));
    }

    @Test
    void thisNodesPrimaryChangesWhenTheSecondQuestionIsDoneWith() {
        inquire(KeyOperation.USE, KeyInquiry.Audience.ALL, "b", "c");
        Events.AskOwn first = started();
        answer(first, "b", done());
        over(first);
        Events.AskOwn second = started();
        assertThat(keyring.all()).as("while c is asked once more").isEmpty();
        answer(second, "c", done());

        assertThat(keyring.all()).hasOnlyElementsOfType(KeyKeeper.Use.class).hasSize(1);
        ownRingAnswers();
        assertThat(report()).matches(KeyReport::isDoneEverywhere);
    }

    @Test
    void whoAnswersUnderThisNodesNameDoesNotStandForItsRing() {
        inquire(KeyOperation.USE, KeyInquiry.Audience.ALL, "b");
        Events.AskOwn question = started();
        answer(question, "self", done());
        answer(question, "b", done());
        assertThat(keyring.all()).hasOnlyElementsOfType(KeyKeeper.Use.class).hasSize(1);
        ownRingAnswers();

        assertThat(report()).matches(KeyReport::isDoneEverywhere);
    }

    @Test
    void theFirstAnswerOfAMemberStandsWhateverItAnswersUnasked() {
        inquire(KeyOperation.REMOVE, KeyInquiry.Audience.ALL, "b", "c");
        Events.AskOwn first = started();
        ownRingAnswers();
        answer(first, "b", done());
        over(first);
        Events.AskOwn second = started();
        answer(
                second,
                "b",
                new SerfMessage.KeyResponse(false, "Removing the primary key is not allowed", List.of(), ""));
        answer(second, "c", done());

        assertThat(report().answers()).containsEntry("b", MemberKeys.asWanted());
        assertThat(report()).matches(KeyReport::isDoneEverywhere);
    }

    @Test
    void whatAMemberRefusedIsNotAskedAgain() {
        inquire(KeyOperation.USE, KeyInquiry.Audience.ALL, "b");
        Events.AskOwn first = started();
        answer(first, "b", new SerfMessage.KeyResponse(false, "Requested key is not in the keyring", List.of(), ""));
        ownRingAnswers();

        assertThat(report().answers()).containsEntry("b", MemberKeys.failed("Requested key is not in the keyring"));
        assertThat(events.all()).isEmpty();
    }

    @Test
    void asManyAreAskedAgainAsMayHaveBeenMissedByChanceAndOfMoreNobody() {
        String[] names = IntStream.rangeClosed(1, Awaited.AGAIN_MAX + 1)
                .mapToObj(i -> "n" + i)
                .toArray(String[]::new);
        inquire(KeyOperation.LIST, KeyInquiry.Audience.OTHER_SOFTWARE, names);
        Events.AskOwn first = started();
        answer(first, "n1", done());
        over(first);
        assertThat(started().request().filters()).hasSize(2);

        inquire(KeyOperation.LIST, KeyInquiry.Audience.OTHER_SOFTWARE, names);
        over(started());
        assertThat(report().silent()).containsExactly(names);
        assertThat(events.all()).isEmpty();
    }

    @Test
    void whoHasFailedOrLeftMeanwhileIsNotAskedAgain() {
        inquire(KeyOperation.LIST, KeyInquiry.Audience.ALL, "b", "c", "d");
        Events.AskOwn first = started();
        ownRingAnswers();
        answer(first, "b", done());
        view.set(view.get()
                .with(Samples.member("c", 3, NodeState.DEAD, SerfStatus.FAILED), ignored())
                .with(Samples.member("d", 4, NodeState.LEFT, SerfStatus.LEFT), ignored()));
        over(first);

        assertThat(report().silent()).containsExactly("c");
        assertThat(report().members()).isEqualTo(3);
        assertThat(events.all()).isEmpty();
    }

    @Test
    void aSecondQuestionThatIsRefusedLeavesWhatTheFirstBrought() {
        inquire(KeyOperation.INSTALL, KeyInquiry.Audience.ALL, "b", "c");
        Events.AskOwn first = started();
        ownRingAnswers();
        answer(first, "b", done());
        over(first);
        virtual.tell(asked().replyTo(), new QueryProgress.Refused("query exceeds limit of 1024 bytes"));

        assertThat(report().refused()).isEmpty();
        assertThat(report().silent()).containsExactly("c");
        assertThat(report().answers().keySet()).containsExactly("b", "self");
    }

    @Test
    void nobodyIsAskedAgainOnceItCouldNotTravelSealed() {
        inquire(KeyOperation.INSTALL, KeyInquiry.Audience.ALL, "b");
        Events.AskOwn first = started();
        ownRingAnswers();
        policy = SEALED.withDemands(true, false);
        over(first);

        assertThat(report().silent()).containsExactly("b");
        assertThat(events.all()).isEmpty();
    }

    @Test
    void nobodyIsAskedAgainByANodeThatHasLeft() {
        inquire(KeyOperation.INSTALL, KeyInquiry.Audience.ALL, "b");
        Events.AskOwn first = started();
        ownRingAnswers();
        view.set(view.get().withSelf(Samples.member("self", 1, NodeState.LEFT, SerfStatus.LEFT), 0));
        over(first);

        assertThat(report().silent()).containsExactly("b");
        assertThat(events.all()).isEmpty();
    }

    private void inquire(KeyOperation operation, KeyInquiry.Audience audience, String... others) {
        MemberRecord[] members = IntStream.range(0, others.length)
                .mapToObj(i -> Samples.member(others[i], i + 2))
                .toArray(MemberRecord[]::new);
        view = Samples.view(ignored(), members);
        virtual.spawn(KeyInquiry.create(
                new KeyInquiry.Links(
                        events.ref(), keyring.ref(), view, () -> policy, Limits.defaults(), Duration.ofMillis(200)),
                new KeyInquiry.Task(operation, key(operation), audience, 2),
                reports.ref()));
    }

    private ActorRef<RemoteMember.Command> ignored() {
        return virtual.system().ignoreRef();
    }

    /** The only question since the last. */
    private Events.AskOwn asked() {
        List<Events.Command> asked = events.take();
        assertThat(asked).hasSize(1).hasOnlyElementsOfType(Events.AskOwn.class);
        return (Events.AskOwn) asked.get(0);
    }

    private Events.AskOwn started() {
        Events.AskOwn asked = asked();
        virtual.tell(asked.replyTo(), new QueryProgress.Started(1, 1, Duration.ofSeconds(3)));
        return asked;
    }

    private void answer(Events.AskOwn question, String from, SerfMessage.KeyResponse answer) {
        virtual.tell(question.replyTo(), new QueryProgress.Answered(from, Octets.wrap(SerfCodec.encode(answer))));
    }

    private void over(Events.AskOwn question) {
        virtual.tell(question.replyTo(), new QueryProgress.Finished(0, 0));
    }

    private void ownRingAnswers() {
        KeyKeeper.Request request = (KeyKeeper.Request) keyring.take().get(0);
        virtual.tell(request.replyTo(), new KeyKeeper.Answer.Done(SEALED.ring()));
    }

    private static Optional<GossipKey> key(KeyOperation operation) {
        return operation == KeyOperation.LIST ? Optional.empty() : Optional.of(KEY);
    }

    private KeyReport report() {
        assertThat(reports.all()).hasSize(1);
        return reports.all().get(0);
    }

    private static SerfMessage.KeyResponse done() {
        return new SerfMessage.KeyResponse(true, "", List.of(), "");
    }

    private static QueryRequest with(QueryRequest request, QueryFilter filter) {
        return new QueryRequest(
                request.name(),
                request.payload(),
                List.of(filter),
                request.wantAck(),
                request.relayFactor(),
                request.timeout());
    }
}
