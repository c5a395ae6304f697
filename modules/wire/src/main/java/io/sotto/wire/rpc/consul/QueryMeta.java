package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Unsigned;
import java.time.Duration;

/**
 * What every answer to a read says of itself.
 *
 * @param index of the state that was read: what a waiting query goes on from
 * @param lastContact how long ago the server that answered heard from the leader; zero from the leader itself
 * @param knownLeader whether that server knows a leader
 * @param consistencyLevel empty, but for answers of newer servers
 */
public record QueryMeta(@Unsigned long index, Duration lastContact, boolean knownLeader, String consistencyLevel) {
    private static final QueryMeta NONE = new QueryMeta(0, Duration.ZERO, false, "");

    /** All of it unknown. */
    public static QueryMeta none() {
        return NONE;
    }

    /** What the leader says of an answer that it read at {@code index}. */
    public static QueryMeta leader(long index) {
        return new QueryMeta(index, Duration.ZERO, true, "");
    }
}
