package io.sotto.agent.port;

import java.util.Locale;

/** Why a connection to the HTTP API was not served, or not any longer. */
enum PortRefusal {
    /** Its address has as many as it may. */
    TOO_MANY_OF_ADDRESS,
    /** All clients together have. */
    TOO_MANY,
    /** Plain HTTP on the port of HTTPS. */
    PLAINTEXT,
    /** There is no certificate to serve TLS with. */
    NO_CERTIFICATE,
    /** Its handshake took too long. */
    HANDSHAKE_TIMEOUT,
    /** It was silent for too long. */
    IDLE;

    /** The word that metrics carry. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
