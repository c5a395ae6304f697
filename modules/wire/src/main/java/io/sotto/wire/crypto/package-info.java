/**
 * Keys, keyrings, nonces, and the sealed envelope of datagrams and stream frames.
 *
 * <p>AES-GCM comes from the JDK. Nothing here is shared between threads except keys and keyrings, which never change.
 * Source: gossip specification, section 6; the nonce rule is ours.
 */
@NullMarked
package io.sotto.wire.crypto;

import org.jspecify.annotations.NullMarked;
