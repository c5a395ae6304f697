package io.sotto.cluster;

import io.sotto.wire.Octets;

/**
 * A message to all members of a pool that some member sent. Each member that is there is told once; one that joins later
 * is not told of what came before.
 *
 * <p>Any member that holds the key can send one under any name: it says who may know the key, not who sent it. Source:
 * gossip specification, section 17.5.
 *
 * @param ltime the pool's Lamport time of the event; several events may share one
 * @param name what the sender called it
 * @param payload at most some hundred bytes; see {@link Pool#broadcast}
 * @param coalesce whether of several with this name only the latest matters
 */
public record UserEvent(long ltime, String name, Octets payload, boolean coalesce) {}
