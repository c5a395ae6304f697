package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Unsigned;

/** Messages of {@code Status}; its other answers are texts, and lists of them. */
public final class Status {
    private Status() {}

    /** Between servers: how far one of them has come. */
    public record RaftStats(
            String lastContact,
            @Unsigned long lastIndex,
            @Unsigned long lastTerm) {}
}
