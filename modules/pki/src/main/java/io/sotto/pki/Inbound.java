package io.sotto.pki;

/**
 * What an inbound connection must prove.
 *
 * @param plaintext whether one without TLS is let in
 * @param tls whether TLS is served at all: there is a certificate
 * @param clientCertificate whether a TLS client must show a certificate; if not, none is asked for
 */
public record Inbound(boolean plaintext, boolean tls, boolean clientCertificate) {}
