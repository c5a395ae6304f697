package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftStage;
import java.util.Set;

/** What an operator wants of an upshift that is under way, here or elsewhere. */
public sealed interface Deed {
    /** Call it off. */
    record Abort() implements Deed {}

    /** Go on without these. */
    record Without(Set<String> members, String by) implements Deed {
        public Without {
            members = Set.copyOf(members);
        }
    }

    /** Believe that these are there. */
    record Vouch(Set<String> members, UpshiftStage stage) implements Deed {
        public Vouch {
            members = Set.copyOf(members);
        }
    }
}
