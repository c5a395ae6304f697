package io.sotto.pki;

/** How an outgoing RPC connection begins. */
public enum Dial {
    /** As it is. */
    PLAIN,
    /** By TLS, or not at all. */
    TLS
}
