/**
 * Reading PEM: certificates, revocation lists and private keys of every common kind. Errors name the file, the line and the
 * kind of thing that was found; they never show what a file holds, since that may be a key.
 */
@NullMarked
package io.sotto.pki.pem;

import org.jspecify.annotations.NullMarked;
