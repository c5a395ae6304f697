package io.sotto.gossip.rotation;

/**
 * How many messages this node may seal with one key, and what follows.
 *
 * @param messages the most; 2^31 by default, this node's share of the 2^32 that all members together may seal
 * @param warnPercent the part of it, in percent, at which a warning is logged
 * @param action what happens when it is spent
 */
public record NonceBudget(long messages, int warnPercent, Action action) {
    /** What happens when a budget is spent. */
    public enum Action {
        /** An error is logged, again and again, that asks for a rotation. */
        WARN,
        /** This node rotates the key; the members take turns, so that one does. */
        ROTATE,
        /** Nothing is sealed any more, and nothing sent plain instead: this node falls silent until the key is another. */
        REFUSE
    }

    public NonceBudget {
        if (messages < 1 || messages > 1L << 32 || warnPercent < 1 || warnPercent > 100) {
            throw new IllegalArgumentException("a budget of " + messages + " messages with a warning at " + warnPercent
                    + " %: must be 1 to 4294967296 messages, and 1 to 100 %");
        }
    }

    public static NonceBudget defaults() {
        return new NonceBudget(1L << 31, 50, Action.WARN);
    }

    /** At how many messages the warning comes. */
    public long warnAt() {
        return Math.max(1, messages / 100 * warnPercent + messages % 100 * warnPercent / 100);
    }

    /** How many messages are written down ahead of being sealed. */
    public long block() {
        return Math.max(1, Math.min(1 << 16, messages / 64));
    }

    /** After how many messages each sealer looks again whether the budget is spent. */
    public int lookEvery() {
        return (int) Math.max(1, Math.min(64, messages >> 16));
    }
}
