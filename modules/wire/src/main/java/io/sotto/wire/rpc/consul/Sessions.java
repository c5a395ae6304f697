package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.time.Duration;
import java.util.List;

/** Messages of {@code Session}. */
public final class Sessions {
    private Sessions() {}

    /**
     * A session, which can hold locks.
     *
     * @param lockDelay for how long a lock that was lost cannot be taken
     * @param behavior what becomes of locked keys when it ends: {@code release} or {@code delete}
     * @param ttl for how long it lives without being renewed, as text such as {@code 30s}; empty for ever
     * @param nodeChecks checks of its node that end it
     * @param serviceChecks checks of services that end it
     * @param checks those of its node as older clients have them
     */
    public record Session(
            @Name("ID") String id,
            String name,
            String node,
            Duration lockDelay,
            String behavior,
            @Name("TTL") String ttl,
            List<String> nodeChecks,
            List<ServiceCheck> serviceChecks,
            List<String> checks,
            @Unsigned long createIndex,
            @Unsigned long modifyIndex) {
        public Session {
            nodeChecks = Nil.copy(nodeChecks);
            serviceChecks = Nil.copy(serviceChecks);
            checks = Nil.copy(checks);
        }

        /** One that is to be created on {@code node}, and ends with the node's health. */
        public static Session of(String name, String node, Duration lockDelay, String behavior, String ttl) {
            return new Session(
                    "", name, node, lockDelay, behavior, ttl, List.of("serfHealth"), Nil.list(), Nil.list(), 0, 0);
        }

        /** One of which only the id is told, to end it. */
        public static Session of(String id) {
            return new Session(id, "", "", Duration.ZERO, "", "", Nil.list(), Nil.list(), Nil.list(), 0, 0);
        }
    }

    public record ServiceCheck(@Name("ID") String id, String namespace) {}

    /**
     * Creates or ends a session.
     *
     * @param op {@code create} or {@code destroy}
     */
    public record Apply(String datacenter, String op, Session session, String token) {
        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Apply[datacenter=" + datacenter + ", op=" + op + ", session=" + session + "]";
        }
    }

    /** Reads or renews one session, whose id older and newer servers look for under two names; lists all with both empty. */
    public record Get(
            String datacenter,
            @Name("SessionID") String sessionId,
            String session,
            @Embedded QueryOptions options) {
        public static Get of(String datacenter, String id, QueryOptions options) {
            return new Get(datacenter, id, id, options);
        }
    }

    public record Listing(List<Session> sessions, @Embedded QueryMeta meta) {
        public Listing {
            sessions = Nil.copy(sessions);
        }
    }
}
