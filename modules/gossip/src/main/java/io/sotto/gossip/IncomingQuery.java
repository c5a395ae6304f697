package io.sotto.gossip;

import io.sotto.wire.Octets;
import java.time.Instant;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A question of another member, or of this one, to whoever serves queries here; see {@link GossipPool.ServeQueries}. It may
 * be answered once, from any thread, before its deadline; where several serve, the first answer counts. What comes late, or
 * is too long, is not sent and counted.
 *
 * @param number by which this node knows it
 * @param ltime unsigned Lamport time
 * @param id chosen by the asker
 * @param source the asker's name; empty if it did not say
 * @param deadline until when an answer is worth sending, by {@link PoolTime#now}
 * @param answerMaxBytes the longest payload that an answer may have
 * @param replyTo who is answered
 */
public record IncomingQuery(
        long number,
        long ltime,
        long id,
        String name,
        Octets payload,
        String source,
        Instant deadline,
        int answerMaxBytes,
        ActorRef<Answer> replyTo) {

    /** The answer to the query of this number. */
    public record Answer(long number, Octets payload) {}

    /** Answers it. */
    public void answer(Octets answer) {
        replyTo.tell(new Answer(number, answer));
    }
}
