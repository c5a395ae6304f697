package io.sotto.wire.yamux;

/**
 * Why a session ended. The peer's own words for each are in {@link #text}, so that both logs say the same.
 *
 * <p>Source: RPC specification, section 2; {@code FLOOD} is ours.
 */
public enum YamuxFailure {
    /** It has not failed. */
    NONE("none", false),
    /** A frame of another version than 0. */
    VERSION("invalid protocol version", false),
    /** A frame of a type that there is not. */
    TYPE("invalid msg type", false),
    /** A stream was opened a second time. */
    DUPLICATE_STREAM("duplicate stream initiated", true),
    /** More bytes on a stream than its window allows. */
    WINDOW_EXCEEDED("recv window exceeded", true),
    /** A stream ended a second time. */
    UNEXPECTED_FIN("unexpected flag", true),
    /** The peer says that we broke the protocol. */
    PEER_PROTOCOL_ERROR("yamux protocol error", false),
    /** The peer says that it broke. */
    PEER_INTERNAL_ERROR("yamux internal error", false),
    /** The peer went away with a code that there is not. */
    UNEXPECTED_GO_AWAY("unexpected go away received", false),
    /** The peer did not answer a keep-alive in time. */
    KEEP_ALIVE("keepalive timeout", false),
    /** The peer sends what has to be answered, and does not read the answers. */
    FLOOD("too many replies wait to be read", true);

    private final String text;
    private final boolean isTold;

    YamuxFailure(String text, boolean isTold) {
        this.text = text;
        this.isTold = isTold;
    }

    /** In words, for the log. */
    public String text() {
        return text;
    }

    /** Whether the peer is told by a GoAway, which waits in the output; real peers usually drop theirs with the socket. */
    boolean isTold() {
        return isTold;
    }
}
