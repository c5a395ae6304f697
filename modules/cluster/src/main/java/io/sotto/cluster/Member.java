package io.sotto.cluster;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.Tags;
import java.time.Instant;
import java.util.Map;

/**
 * A member of a pool as this node sees it at one moment.
 *
 * @param name unique in the pool
 * @param address where it gossips
 * @param tags what it says of itself; a claim of any member that holds the key, never a proof of a role
 * @param status alive, leaving, left or failed, as Serf and Consul list members
 * @param versions the protocol ranges it advertised; {@link ProtocolVersions#UNKNOWN} when it advertised none
 * @param incarnation how often it has renewed or defended what it says of itself
 * @param since when its state last changed, by this node's clock
 */
public record Member(
        String name,
        NodeAddress address,
        Map<String, String> tags,
        Status status,
        ProtocolVersions versions,
        long incarnation,
        Instant since) {

    /** The status numbers of Serf, as HTTP answers carry them. */
    public enum Status {
        NONE(0),
        ALIVE(1),
        LEAVING(2),
        LEFT(3),
        FAILED(4);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** The word that operators know: {@code alive}, {@code leaving}, {@code left}, {@code failed}. */
        public String word() {
            return switch (this) {
                case NONE -> "none";
                case ALIVE -> "alive";
                case LEAVING -> "leaving";
                case LEFT -> "left";
                case FAILED -> "failed";
            };
        }

        static Status of(SerfStatus status) {
            return switch (status) {
                case NONE -> NONE;
                case ALIVE -> ALIVE;
                case LEAVING -> LEAVING;
                case LEFT -> LEFT;
                case FAILED -> FAILED;
            };
        }
    }

    public Member {
        tags = Map.copyOf(tags);
    }

    static Member of(MemberRecord record) {
        return new Member(
                record.name(),
                record.address(),
                Tags.decode(record.meta()),
                Status.of(record.status()),
                ProtocolVersions.parse(record.vsn()).orElse(ProtocolVersions.UNKNOWN),
                record.incarnation(),
                record.changedAt());
    }
}
