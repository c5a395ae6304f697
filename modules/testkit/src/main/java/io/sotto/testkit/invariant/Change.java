package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.util.Optional;

/**
 * What one process knows of one name is no longer what it was a moment ago.
 *
 * @param before empty for a name that was unknown
 * @param after empty for a name that is forgotten; one of the two is there
 */
public record Change(
        Moment moment, Sight observer, String name, Optional<MemberRecord> before, Optional<MemberRecord> after) {
    boolean isAboutItself() {
        return observer.life().name().equals(name);
    }

    /** The state in memberlist's list; empty outside of it. */
    static Optional<NodeState> stateOf(Optional<MemberRecord> record) {
        return record.filter(MemberRecord::pooled).map(MemberRecord::state);
    }

    /** Whether memberlist's state is now {@code state} and was not. */
    boolean became(NodeState state) {
        return stateOf(after).filter(state::equals).isPresent()
                && stateOf(before).filter(state::equals).isEmpty();
    }

    /** As in {@code n1#1 sees n3: SUSPECT(4) -> ALIVE(4)}. */
    @Override
    public String toString() {
        return observer.life() + " sees " + name + ": " + text(before) + " -> " + text(after);
    }

    private static String text(Optional<MemberRecord> record) {
        return record.map(known -> (known.pooled() ? "" : "forgotten by the pool, ") + known.state() + "("
                        + known.incarnation() + ") " + known.status() + " at " + known.address())
                .orElse("unknown");
    }
}
