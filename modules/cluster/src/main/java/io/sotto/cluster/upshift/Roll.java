package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import java.util.List;
import java.util.Optional;

/** Who belongs to what an upshift secures, as this node sees it now. Any thread. */
public interface Roll {
    /** The name of this node. */
    String self();

    /** Everybody who is listed, this node among them, by names that differ. */
    List<Member> members();

    /** Where to ask and order this one; empty for whoever takes neither. */
    Optional<UpshiftCarrier.Place> place(Member member);
}
