package io.sotto.wire.message;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Serf message: the body of a {@link SwimMessage.User}, the user state of a {@link PushPull}, or the payload of a
 * query or of its answer. The first byte on the wire is {@link Kind#code}.
 *
 * <p>Lamport times are unsigned 64-bit numbers; compare them with {@link Long#compareUnsigned}. Source: gossip
 * specification, section 16.
 */
public sealed interface SerfMessage {
    /** The message types with their type byte. */
    enum Kind {
        LEAVE(0),
        JOIN(1),
        PUSH_PULL(2),
        USER_EVENT(3),
        QUERY(4),
        QUERY_RESPONSE(5),
        CONFLICT_RESPONSE(6),
        KEY_REQUEST(7),
        KEY_RESPONSE(8),
        RELAY(9);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    Kind kind();

    /** What a member means to do: join or leave. */
    sealed interface Intent extends SerfMessage {
        long ltime();

        String node();
    }

    /** {@code node} leaves, or is declared to have left; with {@code prune} it is to be forgotten as well. */
    record Leave(long ltime, String node, boolean prune) implements Intent {
        @Override
        public Kind kind() {
            return Kind.LEAVE;
        }
    }

    /** {@code node} joins. */
    record Join(long ltime, String node) implements Intent {
        @Override
        public Kind kind() {
            return Kind.JOIN;
        }
    }

    /** Serf's part of a push/pull. The three clocks are the sender's next times. */
    record PushPullState(
            long ltime,
            Map<String, Long> statusLTimes,
            List<String> leftMembers,
            long eventLTime,
            List<Optional<EventSlot>> events,
            long queryLTime)
            implements SerfMessage {
        public PushPullState {
            // Not Map.copyOf, whose lookups degrade to a walk when names are chosen to collide.
            statusLTimes = Collections.unmodifiableMap(new LinkedHashMap<>(statusLTimes));
            leftMembers = List.copyOf(leftMembers);
            events = List.copyOf(events);
        }

        @Override
        public Kind kind() {
            return Kind.PUSH_PULL;
        }
    }

    /** The user events of one Lamport time. */
    record EventSlot(long ltime, List<Event> events) {
        public EventSlot {
            events = List.copyOf(events);
        }
    }

    /** One remembered user event. */
    record Event(String name, Octets payload) {}

    /** An application event; with {@code coalesce}, only the newest of a name needs to be delivered. */
    record UserEvent(long ltime, String name, Octets payload, boolean coalesce) implements SerfMessage {
        @Override
        public Kind kind() {
            return Kind.USER_EVENT;
        }
    }

    /**
     * A question to the members that match all filters.
     *
     * @param filters each a kind byte and its msgpack value
     * @param flags bit 0: acks wanted; bit 1: do not re-broadcast
     * @param timeoutNanos how long the asker listens
     */
    record Query(
            long ltime,
            long id,
            NodeAddress asker,
            String sourceNode,
            List<Octets> filters,
            long flags,
            int relayFactor,
            long timeoutNanos,
            String name,
            Octets payload)
            implements SerfMessage {
        public Query {
            filters = List.copyOf(filters);
        }

        @Override
        public Kind kind() {
            return Kind.QUERY;
        }

        /** Without the payload, which may hold a key. */
        @Override
        public String toString() {
            return "Query[" + name + ", ltime=" + Long.toUnsignedString(ltime) + ", id=" + id + ", from " + sourceNode
                    + " at " + asker + ", " + payload.length() + " bytes]";
        }
    }

    /** An answer, or with bit 0 of {@code flags} an ack, to the query of that time and id. */
    record QueryResponse(long ltime, long id, String from, long flags, Octets payload) implements SerfMessage {
        @Override
        public Kind kind() {
            return Kind.QUERY_RESPONSE;
        }
    }

    /** What the answering node knows of a name in conflict; empty when it knows nothing. */
    record ConflictResponse(Optional<MemberRecord> member) implements SerfMessage {
        @Override
        public Kind kind() {
            return Kind.CONFLICT_RESPONSE;
        }
    }

    /** A member as Serf describes it. {@code status}: 0 none, 1 alive, 2 leaving, 3 left, 4 failed. */
    record MemberRecord(
            String name,
            NodeAddress address,
            Map<String, String> tags,
            int status,
            int protocolMin,
            int protocolMax,
            int protocolCur,
            int delegateMin,
            int delegateMax,
            int delegateCur) {
        public MemberRecord {
            // Not Map.copyOf, which gives its entries in another order in each process.
            tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
        }
    }

    /** The raw key that a key query is about; empty when listing. Its text form never shows the bytes. */
    record KeyRequest(Octets key) implements SerfMessage {
        @Override
        public Kind kind() {
            return Kind.KEY_REQUEST;
        }

        @Override
        public String toString() {
            return "KeyRequest[" + (key.isEmpty() ? "none" : key.length() + "-byte key") + "]";
        }
    }

    /** What became of a key query; {@code keys} and {@code primaryKey} are base64 and never shown in the text form. */
    record KeyResponse(boolean result, String message, List<String> keys, String primaryKey) implements SerfMessage {
        public KeyResponse {
            keys = List.copyOf(keys);
        }

        @Override
        public Kind kind() {
            return Kind.KEY_RESPONSE;
        }

        @Override
        public String toString() {
            return "KeyResponse[result=" + result + ", message=" + message + ", " + keys.size() + " keys]";
        }
    }

    /** Pass {@code inner}, a whole Serf message, on to {@code destination}. */
    record Relay(NodeAddress destination, String zone, String destinationNode, Octets inner) implements SerfMessage {
        @Override
        public Kind kind() {
            return Kind.RELAY;
        }
    }
}
