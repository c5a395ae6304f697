package io.sotto.membership.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.EventSettings;
import io.sotto.membership.query.AskedQueries.Answer;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Our own queries: how long they last, and which answers count. */
class AskedQueriesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Octets NOTHING = Octets.empty();

    private final AskedQueries asked = new AskedQueries(EventSettings.serf(), () -> Duration.ofMillis(200), 2);

    @Test
    void lastsTheLongerTheMoreMembersThereAre() {
        assertThat(asked.defaultTimeout(1)).isEqualTo(Duration.ofMillis(3_200));
        assertThat(asked.defaultTimeout(9)).isEqualTo(Duration.ofMillis(3_200));
        assertThat(asked.defaultTimeout(10)).isEqualTo(Duration.ofMillis(6_400));
        assertThat(asked.defaultTimeout(1_000)).isEqualTo(Duration.ofMillis(12_800));
    }

    @Test
    void countsAnAckAndAnAnswerOfEachOnceUntilItsTimeIsOver() {
        SerfMessage.Query query = begin(true, 5);

        assertThat(asked.onResponse(QueryAnswers.ack(query, "b"), NOW)).isEqualTo(Answer.ACK);
        assertThat(asked.onResponse(QueryAnswers.ack(query, "b"), NOW)).isEqualTo(Answer.DUPLICATE);
        assertThat(asked.onResponse(QueryAnswers.answer(query, "b", NOTHING), NOW))
                .isEqualTo(Answer.ANSWER);
        assertThat(asked.onResponse(QueryAnswers.answer(query, "b", NOTHING), NOW))
                .isEqualTo(Answer.DUPLICATE);
        Instant deadline = NOW.plusNanos(query.timeoutNanos());
        assertThat(asked.onResponse(QueryAnswers.ack(query, "c"), deadline.minusNanos(1)))
                .isEqualTo(Answer.ACK);
        assertThat(asked.onResponse(QueryAnswers.ack(query, "d"), deadline)).isEqualTo(Answer.UNKNOWN);

        assertThat(asked.finish(query.ltime())).contains(new AskedQueries.Count(2, 1));
        assertThat(asked.finish(query.ltime())).isEmpty();
        assertThat(asked.onResponse(QueryAnswers.ack(query, "e"), NOW)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void takesNoAnswerToAnotherIdOrTimeAndNoAckThatItDidNotAskFor() {
        SerfMessage.Query query = begin(false, 5);
        var otherId = new SerfMessage.QueryResponse(query.ltime(), query.id() + 1, "b", 0, NOTHING);
        var otherTime = new SerfMessage.QueryResponse(query.ltime() + 1, query.id(), "b", 0, NOTHING);

        assertThat(asked.onResponse(otherId, NOW)).isEqualTo(Answer.UNKNOWN);
        assertThat(asked.onResponse(otherTime, NOW)).isEqualTo(Answer.UNKNOWN);
        assertThat(asked.onResponse(QueryAnswers.ack(query, "b"), NOW)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void answersOfInventedNamesAreTakenOnlyUpToABound() {
        SerfMessage.Query query = begin(false, 5);
        int taken = 0;
        for (int i = 0; i < 5_000; i++) {
            if (asked.onResponse(QueryAnswers.answer(query, "invented-" + i, NOTHING), NOW) == Answer.ANSWER) {
                taken++;
            }
        }

        assertThat(taken).isEqualTo(1_024);
        assertThat(asked.onResponse(QueryAnswers.answer(query, "one more", NOTHING), NOW))
                .isEqualTo(Answer.SURPLUS);
    }

    @Test
    void asksSoManyAtATimeAndWhatFits() {
        begin(false, 5);
        begin(false, 6);

        assertThat(refusal(QueryRequest.of("third", NOTHING), 7)).isEqualTo("too many queries are under way, 2");
        asked.finish(5);
        assertThat(refusal(QueryRequest.of("q", NOTHING), 6)).contains("clock");
        assertThat(refusal(QueryRequest.of("q", Octets.wrap(new byte[1_024])), 7))
                .isEqualTo("query exceeds limit of 1024 bytes");
        assertThat(refusal(QueryRequest.of("_serf_use-key", NOTHING), 7)).contains("key operations");
        assertThat(asked.size()).isEqualTo(1);
    }

    @Test
    void anIdHasThirtyOneBits() {
        for (int ltime = 1; ltime < 200; ltime++) {
            SerfMessage.Query query = begin(false, ltime);
            assertThat(query.id()).isBetween(0L, (1L << 31) - 1);
            asked.finish(ltime);
        }
    }

    private SerfMessage.Query begin(boolean wantAck, long ltime) {
        var request = new QueryRequest("load", NOTHING, List.of(), wantAck, 0, Optional.empty());
        return ((AskedQueries.Asking.Begun) asked.begin(request, asker(), ltime, NOW, new SplittableRandom(ltime)))
                .query();
    }

    private String refusal(QueryRequest request, long ltime) {
        return ((AskedQueries.Asking.Refused) asked.begin(request, asker(), ltime, NOW, new SplittableRandom(1)))
                .reason();
    }

    private static AskedQueries.Asker asker() {
        return new AskedQueries.Asker("self", Queries.ASKER, 3);
    }
}
