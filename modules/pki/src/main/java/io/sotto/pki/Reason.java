package io.sotto.pki;

/** Why a peer, or a connection with it, was refused. The name in lower case is the label that metrics carry. */
public enum Reason {
    /** A certificate of its chain is past its last day. */
    EXPIRED,
    /** A certificate of its chain is not valid yet; often a clock that is wrong. */
    NOT_YET_VALID,
    /** Its certificate is not for this side of a connection. */
    WRONG_USAGE,
    /** No chain leads to a trusted authority. */
    UNKNOWN_AUTHORITY,
    /** An authority of its chain may not sign for its names. */
    FORBIDDEN_NAME,
    /** The chain is right, and the name is another's: what a client's certificate gets that acts as a server. */
    WRONG_NAME,
    /** The name stands only in the CN, which proves nothing. */
    NAME_ONLY_IN_CN,
    /** The name would match by a wildcard only, which proves nothing. */
    WILDCARD,
    /** A revocation list names a certificate of its chain. */
    REVOKED,
    /** A certificate was asked for and none was shown. */
    NO_CERTIFICATE,
    /** A certificate that cannot be read, or is signed with what is broken. */
    MALFORMED,
    /** TLS is required and the other side spoke none. */
    PLAINTEXT,
    /** The other side does not serve TLS: it holds no certificate. */
    NO_TLS,
    /** No TLS version or suite in common. */
    NO_COMMON_PROTOCOL,
    /** The other side refused us: its alert says why. */
    REFUSED_BY_PEER,
    /** The handshake failed in another way. */
    HANDSHAKE;

    /** Whether the peer's chain was right and it is merely not the server that was dialled: worth an alarm. */
    public boolean actsAsServer() {
        return this == WRONG_NAME || this == NAME_ONLY_IN_CN || this == WILDCARD;
    }
}
