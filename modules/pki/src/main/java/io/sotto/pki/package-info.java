/**
 * Keys, certificates and the policy of TLS: what a connection has to prove, and whether it did. Pure: bytes come in,
 * {@link javax.net.ssl.SSLEngine engines} and verdicts go out; files, sockets and the wall clock belong to the callers.
 */
@NullMarked
package io.sotto.pki;

import org.jspecify.annotations.NullMarked;
