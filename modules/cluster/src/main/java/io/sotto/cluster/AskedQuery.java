package io.sotto.cluster;

import io.sotto.wire.Octets;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * A question that a member asks and this node may answer, once, before the deadline. Whether to answer at all is the
 * application's choice: silence costs nobody anything but the asker's wait.
 *
 * @param name what the asker calls the question
 * @param source the name of the asker as it gives itself, or empty; a claim, not a proof
 * @param ltime the question's Lamport time
 * @param deadline after which an answer is dropped, by {@link java.time.Clock#systemUTC}
 * @param answering takes the answer; see {@link #answer}
 */
public record AskedQuery(
        String name, Octets payload, String source, long ltime, Instant deadline, Consumer<Octets> answering) {
    /**
     * Sends an answer of at most some 900 bytes; a longer one, a second one and a late one are dropped. Never blocks; may be
     * called from any thread.
     */
    public void answer(Octets answer) {
        answering.accept(answer);
    }
}
