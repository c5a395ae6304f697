package io.sotto.wire.crypto;

/**
 * The token without which key bytes cannot be read: it names what they are read for, so that every reader can be found.
 *
 * <p>Source: ours.
 */
public enum KeyAccess {
    /** Writing the file that holds the ring. */
    KEYRING_FILE,
    /** Answering a listing of keys that is meant to show them. */
    KEY_LISTING,
    /** Putting a key into a sealed key query. */
    KEY_QUERY,
    /** Handing it to a member, over a connection that proved who it is, with the order of an upshift. */
    UPSHIFT_ORDER
}
