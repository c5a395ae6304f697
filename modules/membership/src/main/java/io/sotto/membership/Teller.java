package io.sotto.membership;

/** Who stands behind a claim about another member. Source: ours. */
public enum Teller {
    /** Whoever gossips it, or shows it in a view of theirs. */
    OTHERS,
    /** The member itself: its own record, in the answer to an exchange that we began with its address. */
    OWNER,
    /** Others, and the member has answered a fresh ping of ours since, by that name and at that address. */
    WITNESSED,
    /** Ourselves: a probe of ours failed. */
    OURSELVES
}
