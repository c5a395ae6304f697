package io.sotto.rpc.link;

import java.util.Locale;

/** Why a connection was closed, a stream ended or a call refused by us. Each is counted. Source: ours. */
public enum LinkRefusal {
    /** More connections of one address than {@code max-connections-per-address}. */
    TOO_MANY_OF_ADDRESS,
    /** More connections in all than {@code max-connections}. */
    TOO_MANY,
    /** The system could not give us a connection that waited, for want of descriptors mostly; it waits on. */
    NOT_ACCEPTED,
    /** The eldest that had not said what it wants made room for a newer one: {@code max-handshakes}. */
    DISPLACED,
    /** Nothing, or not enough, came within {@code handshake-timeout}. */
    HANDSHAKE_TIMEOUT,
    /** A first byte that we do not serve. */
    UNKNOWN_TYPE,
    /** TLS asked for within TLS. */
    INNER_TLS,
    /** Plaintext, where TLS is asked for. */
    PLAINTEXT,
    /** TLS, where we have no certificate. */
    NO_TLS,
    /** ALPN without a protocol that we serve. */
    UNKNOWN_PROTOCOL,
    /** TLS failed, or a certificate did not prove what it had to. */
    TLS,
    /** Frames against the rules of yamux. */
    YAMUX,
    /** No answer to a keepalive. */
    KEEP_ALIVE,
    /** Nothing of what we sent was taken for {@code connection-write-timeout}. */
    WRITE_TIMEOUT,
    /** A request that is no msgpack, or without a method. */
    MALFORMED,
    /** A header or a body of more than {@code max-message}, or nested too deeply. */
    TOO_BIG,
    /** Requests being read hold {@code max-buffered} already. */
    BUFFERED,
    /** A method that is not there. */
    UNKNOWN_METHOD,
    /** The caller's certificate does not prove the role that the method wants. */
    ROLE;

    /** The name in metrics and documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
