package io.sotto.wire;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a pool believes of a member, with the numbers that push/pull records carry.
 *
 * <p>Source: SWIM, section 4.2 (suspicion), and the gossip specification, section 5.2 ({@code pushNodeState.State}).
 */
public enum NodeState {
    ALIVE(0),
    SUSPECT(1),
    DEAD(2),
    LEFT(3);

    private final int code;

    NodeState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The state with this number, if there is one. */
    public static Optional<NodeState> ofCode(long code) {
        return Arrays.stream(values()).filter(state -> state.code == code).findFirst();
    }

    /** Whether the member is gone, by failure or on purpose. */
    public boolean isGone() {
        return this == DEAD || this == LEFT;
    }
}
