package io.sotto.membership;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.List;

/** Members and claims as the tests of this module need them. */
public final class Members {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    public static final Octets VSN = ProtocolVersions.SERF.toOctets();

    private Members() {}

    public static NodeAddress address(int host) {
        return new NodeAddress(Octets.wrap(new byte[] {127, 0, 0, (byte) host}), 7946);
    }

    /** Listed as its state suggests, changed just now, incarnation 5. */
    public static MemberRecord member(String name, NodeState state) {
        SerfStatus status = switch (state) {
            case ALIVE, SUSPECT -> SerfStatus.ALIVE;
            case DEAD -> SerfStatus.FAILED;
            case LEFT -> SerfStatus.LEFT;
        };
        return new MemberRecord(name, address(41), Octets.hex("6d"), VSN, 5, state, NOW, status, 10, true);
    }

    public static MemberRecord alive(String name) {
        return member(name, NodeState.ALIVE);
    }

    public static SwimMessage.Alive aliveClaim(String name, long incarnation) {
        return new SwimMessage.Alive(incarnation, name, address(41), Octets.hex("6d"), VSN);
    }

    public static PoolRules rules() {
        return PoolRules.open("self", SwimSettings.lan(), SerfSettings.serf());
    }

    /** The effects of one type, in order. */
    public static <E extends Effect> List<E> only(Class<E> type, List<Effect> effects) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
