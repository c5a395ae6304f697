package io.sotto.gossip.rotation;

import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import java.util.Set;

/** What can be asked about the rotation that this node drives. */
public sealed interface RotationRequest {
    /**
     * Replace the key of the pool. Answered by all progress until the end; where a rotation is under way here, by the rest of
     * that one's.
     */
    record Start(RotationCause cause, RotationMachine.Beginning beginning) implements RotationRequest {}

    /** Where it stands. Answered once. */
    record Status() implements RotationRequest {}

    /** Call it off. Answered once, with where it stands then. */
    record Abort() implements RotationRequest {}

    /** Go on without these members, as long as they are silent. Answered once, with where it stands then. */
    record Without(Set<String> names) implements RotationRequest {
        public Without {
            names = Set.copyOf(names);
        }
    }
}
