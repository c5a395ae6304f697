package io.sotto.membership;

/** What a {@link ClaimPolicy} makes of a claim. Source: ours. */
public enum Ruling {
    /** It counts as it stands, by the real systems' rules. */
    COUNTS,
    /** It counts whatever is known: the member itself says so. */
    REPLACES,
    /** A death that counts as a suspicion, until a ping of ours has been answered or not. */
    SUSPECTED,
    /** A farewell that counts once the intent to leave has been known for a while and was not taken back. */
    WAITS,
    /** Nothing, until the member has answered a ping of ours. */
    UNPROVEN,
    /** Nothing; only the member itself can say so, and is asked. */
    IMPLAUSIBLE,
    /** Nothing: the member has just shown that it is not so. */
    CONTRADICTED
}
