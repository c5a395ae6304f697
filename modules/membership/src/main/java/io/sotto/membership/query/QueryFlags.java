package io.sotto.membership.query;

/** The bits of the flags of queries and of answers. Source: gossip specification, sections 16.5 and 16.6. */
public final class QueryFlags {
    /** Of a query: acks are wanted. Of an answer: it is an ack. */
    public static final long ACK = 1;

    /** Of a query: it is not to be gossiped on. */
    public static final long NO_BROADCAST = 2;

    private QueryFlags() {}
}
