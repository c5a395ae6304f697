package io.sotto.gossip;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many messages that others caused wait in one actor's mailbox, so that a flood fills no memory: who would tell one
 * more asks for room first, and the actor gives it back when it takes the message up.
 *
 * <p>What this node does of its own accord asks for no room; it is bounded by our own pace. The actor gives room back for
 * those messages as well, so the count may be lower than the truth by a few of them, and is right again when the mailbox
 * is empty. Safe to call from any thread. Source: ours.
 */
final class MailRoom {
    private final int max;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /** @param max messages of others that may wait */
    MailRoom(int max) {
        this.max = max;
    }

    /** Whether one more message may be told that we are better off with: an answer to us, a question to us. */
    boolean enter() {
        return enter(1);
    }

    /** As {@link #enter()}, for a message that takes the room of {@code messages}. */
    boolean enter(int messages) {
        return enter(messages, max);
    }

    /** Whether one more message may be told that will come again, such as a claim: it gets half of the room. */
    boolean enterIfQuiet() {
        return enterIfQuiet(1);
    }

    /** As {@link #enterIfQuiet()}, for a message that takes the room of {@code messages}. */
    boolean enterIfQuiet(int messages) {
        return enter(messages, max / 2);
    }

    /** A message was taken up. */
    void left() {
        left(1);
    }

    void left(int count) {
        waiting.getAndUpdate(now -> Math.max(0, now - count));
    }

    /** Messages that wait now, about. */
    int waiting() {
        return waiting.get();
    }

    /** Messages that were not told for want of room. */
    long refused() {
        return refused.sum();
    }

    private boolean enter(int messages, int upTo) {
        if (waiting.addAndGet(messages) > upTo) {
            left(messages);
            refused.increment();
            return false;
        }
        return true;
    }
}
