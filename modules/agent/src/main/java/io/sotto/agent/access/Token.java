package io.sotto.agent.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The secret by which a request says who sent it. Never in a text: not in {@link #toString}, hence not in logs, errors or
 * metrics. Compared in constant time. Immutable; safe to use from every thread. Source: agent behaviour, section 7.
 */
public final class Token {
    private final String secret;

    private Token(String secret) {
        this.secret = secret;
    }

    /**
     * A token as it was sent.
     *
     * @param secret not empty
     */
    public static Token of(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("no token is not an empty one");
        }
        return new Token(secret);
    }

    /** The secret itself, for those who compare it or pass it on to a server. */
    public String secret() {
        return secret;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Token token
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8), token.secret.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[hidden]";
    }
}
