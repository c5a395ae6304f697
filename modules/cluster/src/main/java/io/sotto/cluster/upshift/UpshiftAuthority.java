package io.sotto.cluster.upshift;

/**
 * Says whether a token allows somebody whose certificate proves a member, but no server, to order this node to take a stage. Called
 * on any thread, and must not block. Source: ours; security rules, "TLS".
 */
@FunctionalInterface
public interface UpshiftAuthority {
    /**
     * Whether the token is enough.
     *
     * @param token as it came; hostile, a secret, and not to be kept. Empty: none was given
     */
    boolean takes(String token);

    /** Takes none: orders are those of servers alone. */
    static UpshiftAuthority none() {
        return token -> false;
    }
}
