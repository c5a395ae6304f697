package io.sotto.membership.broadcast;

import io.sotto.wire.Octets;
import java.util.List;

/**
 * Messages that wait to be gossiped, each a limited number of times. One owner.
 *
 * <p>Fewest transmissions first, then the longest, then the newest. Source: gossip specification, section 12.1.
 *
 * @param <T> what the caller wants back when a message is finished, such as a waiter
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class BroadcastQueue<T> {
    /** What one packet carries, and whose messages are finished by it. */
    public record Taken<T>(List<Octets> messages, List<T> finished) {
        public Taken {
            messages = List.copyOf(messages);
            finished = List.copyOf(finished);
        }
    }

    /** @param retransmitMult see {@link io.sotto.membership.SwimSettings#retransmitMult} */
    public BroadcastQueue(int retransmitMult) {}

    /** Queues a message that replaces any other of this name; answers the tokens of those replaced. */
    public List<T> add(String name, Octets message, T token) {
        throw new IllegalStateException("pending");
    }

    /** Queues a message that replaces nothing. */
    public void add(Octets message, T token) {
        throw new IllegalStateException("pending");
    }

    /**
     * Fills one packet; each message taken counts as transmitted once.
     *
     * @param limitBytes room in the packet
     * @param overheadBytes room that each message takes in addition to its own
     * @param poolSize n of the retransmit limit
     */
    public Taken<T> take(int limitBytes, int overheadBytes, int poolSize) {
        throw new IllegalStateException("pending");
    }

    /** Drops from the tail (most transmitted, shortest, oldest) until {@code retain} remain; answers their tokens. */
    public List<T> prune(int retain) {
        throw new IllegalStateException("pending");
    }

    /** Drops everything; answers the tokens. */
    public List<T> clear() {
        return prune(0);
    }

    public int size() {
        throw new IllegalStateException("pending");
    }

    public boolean isEmpty() {
        return size() == 0;
    }
}
