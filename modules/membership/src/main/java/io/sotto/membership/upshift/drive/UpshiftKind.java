package io.sotto.membership.upshift.drive;

/** What an upshift secures. */
public enum UpshiftKind {
    /** The gossip of the pool, by a key on every ring. */
    GOSSIP,
    /** The calls between members, by certificates of one authority. */
    TLS
}
