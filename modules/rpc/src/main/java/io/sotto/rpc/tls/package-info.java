/**
 * Certificates from files: read, checked by themselves first, published as one immutable snapshot, watched, and swapped as a
 * whole or not at all. Also who tells how long they last, and who raises the alarm when a certificate acts as what it is not.
 */
@NullMarked
package io.sotto.rpc.tls;

import org.jspecify.annotations.NullMarked;
