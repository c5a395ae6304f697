package io.sotto.testkit.fuzz;

/** How a connection ended on which a request was sent. */
public enum StreamEnding {
    /** With an ack or a push/pull: the request was understood. */
    ANSWERED,
    /** With an error that can be read. */
    REFUSED,
    /** Closed, or broken off, without an answer that can be read. */
    CLOSED,
    /** It could not be opened in the first place. */
    UNCONNECTED,
    /** Still open when patience had run out. */
    OPEN
}
