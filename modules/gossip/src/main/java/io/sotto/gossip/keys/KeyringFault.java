package io.sotto.gossip.keys;

/** A keyring that cannot be read or written; the message is the real agents' own, for the operator. */
public final class KeyringFault extends Exception {
    private static final long serialVersionUID = 1L;

    KeyringFault(String message) {
        super(message);
    }

    KeyringFault(String message, Throwable cause) {
        super(message, cause);
    }
}
