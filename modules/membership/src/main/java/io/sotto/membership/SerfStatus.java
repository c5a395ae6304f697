package io.sotto.membership;

/**
 * What Serf, and so every operator, says of a member; a field apart from the memberlist state below it.
 *
 * <p>Source: gossip specification, sections 16.8 (the numbers) and 17.2.
 */
public enum SerfStatus {
    /** Not listed: never announced, or forgotten while the pool still remembers the node. */
    NONE(0),
    ALIVE(1),
    /** It said that it will leave, and has not gone yet. */
    LEAVING(2),
    LEFT(3),
    FAILED(4);

    private final int code;

    SerfStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether the member is listed as gone, by failure or on purpose. */
    public boolean isGone() {
        return this == LEFT || this == FAILED;
    }
}
