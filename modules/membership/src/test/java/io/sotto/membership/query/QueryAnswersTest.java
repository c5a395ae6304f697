package io.sotto.membership.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where answers go besides straight to the asker, how long they are, and what they say of names. */
class QueryAnswersTest {
    private static final EventSettings SERF = EventSettings.serf();
    private static final ProtocolVersions OLD = new ProtocolVersions(1, 4, 2, 2, 4, 4);

    @Test
    void relaysAreOtherLivingMembersThatKnowHow() {
        List<MemberRecord> records = List.of(
                member("self", 1, SerfStatus.ALIVE, ProtocolVersions.SERF),
                member("asker", 9, SerfStatus.ALIVE, ProtocolVersions.SERF),
                member("b", 2, SerfStatus.ALIVE, ProtocolVersions.SERF),
                member("failed", 3, SerfStatus.FAILED, ProtocolVersions.SERF),
                member("old", 4, SerfStatus.ALIVE, OLD));

        assertThat(relays(Queries.relayed(3), records, Claims.UPSTREAM))
                .extracting(MemberRecord::name)
                .containsExactlyInAnyOrder("asker", "b");
        assertThat(relays(Queries.relayed(0), records, Claims.UPSTREAM)).isEmpty();
        assertThat(relays(Queries.relayed(1), records, Claims.UPSTREAM)).hasSize(1);
        assertThat(relays(Queries.relayed(5), records, Claims.UPSTREAM))
                .as("fewer members than the factor and one")
                .isEmpty();
    }

    @Test
    void noAskerHasMoreThanFiveOfUsPassItOn() {
        List<MemberRecord> records = new ArrayList<>();
        for (int host = 1; host < 200; host++) {
            records.add(member("m" + host, host, SerfStatus.ALIVE, ProtocolVersions.SERF));
        }

        assertThat(relays(Queries.relayed(100), records, Claims.UPSTREAM)).hasSize(100);
        assertThat(relays(Queries.relayed(100), records, Claims.GUARDED)).hasSize(5);
    }

    @Test
    void theLongestPayloadFitsAndOneByteMoreDoesNot() {
        for (long ltime : List.of(1L, 200L, 1L << 20, -1L)) {
            SerfMessage.Query query = Queries.query(ltime, 7, List.of(), 0);
            int most = QueryAnswers.payloadMaxBytes(query, "self", SERF);

            assertThat(encoded(query, most)).isPresent();
            assertThat(encoded(query, most + 1)).isEmpty();
        }
    }

    @Test
    void aWrappedAnswerNamesTheAskerAndIsAsShortAsAnAnswer() {
        SerfMessage.Query query = Queries.relayed(1);
        Octets answer = encoded(query, 10).orElseThrow();

        Octets wrapped = QueryAnswers.wrap(query, answer, SERF).orElseThrow();

        assertThat(Queries.decoded(wrapped)).isEqualTo(new SerfMessage.Relay(Queries.ASKER, "", "asker", answer));
        Octets longest = encoded(query, QueryAnswers.payloadMaxBytes(query, "self", SERF))
                .orElseThrow();
        assertThat(QueryAnswers.wrap(query, longest, SERF)).isEmpty();
    }

    @Test
    void aKeyListThatNothingFitsIntoIsNoAnswer() {
        EventSettings tiny = new EventSettings(512, 512, 512, 1_024, 40, 16, true);

        assertThat(KeyAnswer.list(Queries.query(1, 7, List.of(), 0), "self", Queries.base64Keys(3, 32), "p", tiny))
                .isEmpty();
    }

    @Test
    void whatBecameOfAKeyIsSaidAsRealMembersSayIt() {
        Octets done = KeyAnswer.outcome(Queries.query(1, 7, List.of(), 0), "self", "");
        String none = "No keyring to modify (encryption not enabled)";

        assertThat(Queries.keysOf(done)).isEqualTo(new SerfMessage.KeyResponse(true, "", List.of(), ""));
        assertThat(Queries.keysOf(KeyAnswer.outcome(Queries.query(1, 7, List.of(), 0), "self", none)))
                .isEqualTo(new SerfMessage.KeyResponse(false, none, List.of(), ""));
    }

    @Test
    void aNameIsOursIfMoreThanHalfOfThoseWhoAnswerSaySo() {
        NodeAddress ours = address(1);
        Octets forUs = ConflictAnswer.payload(Optional.of(member("self", 1, SerfStatus.ALIVE, ProtocolVersions.SERF)));
        Octets forThem =
                ConflictAnswer.payload(Optional.of(member("self", 2, SerfStatus.ALIVE, ProtocolVersions.SERF)));
        Octets unknown = ConflictAnswer.payload(Optional.empty());

        assertThat(tally(ours).isMajority()).as("nobody answers").isFalse();
        assertThat(tally(ours, forUs).isMajority()).isTrue();
        assertThat(tally(ours, forUs, forThem).isMajority()).isFalse();
        assertThat(tally(ours, forUs, forThem, forUs).isMajority()).isTrue();
        assertThat(tally(ours, forUs, unknown).isMajority()).isFalse();
        assertThat(tally(ours, Octets.utf8("garbage"), Octets.empty()).answers())
                .isZero();
    }

    @Test
    void whoIsListedNoMoreIsUnknown() {
        MemberRecord forgotten = member("self", 1, SerfStatus.NONE, ProtocolVersions.SERF);

        assertThat(ConflictAnswer.payload(Optional.of(forgotten))).isEqualTo(ConflictAnswer.payload(Optional.empty()));
        assertThat(ConflictAnswer.payload(Optional.empty()))
                .isEqualTo(Octets.wrap(SerfCodec.encode(new SerfMessage.ConflictResponse(Optional.empty()))));
    }

    private static NameTally tally(NodeAddress self, Octets... answers) {
        NameTally tally = new NameTally(self, Limits.defaults());
        List.of(answers).forEach(tally::add);
        return tally;
    }

    private static Optional<Octets> encoded(SerfMessage.Query query, int bytes) {
        return QueryAnswers.encode(QueryAnswers.answer(query, "self", Octets.wrap(new byte[bytes])), SERF);
    }

    private static List<MemberRecord> relays(SerfMessage.Query query, List<MemberRecord> records, Claims claims) {
        return QueryAnswers.relays(query, records, "self", claims, new SplittableRandom(1));
    }

    private static NodeAddress address(int host) {
        return new NodeAddress(Octets.wrap(new byte[] {10, 0, 0, (byte) host}), 7_946);
    }

    private static MemberRecord member(String name, int host, SerfStatus status, ProtocolVersions versions) {
        return new MemberRecord(
                name,
                address(host),
                Octets.empty(),
                versions.toOctets(),
                1,
                NodeState.ALIVE,
                Instant.EPOCH,
                status,
                0,
                true);
    }
}
