package io.sotto.gossip;

/** What came of a {@link GossipPool.Reconfigure}: unless it is {@link Applied}, nothing has changed. */
public sealed interface Reconfigured {
    /**
     * All of it is in force, and the ring's file, if there is one, holds the key.
     *
     * @param tookKey whether an empty ring took the key
     */
    record Applied(boolean tookKey) implements Reconfigured {}

    /** It cannot be; the reason is for the operator. */
    record Refused(String reason) implements Reconfigured {}
}
