/** Certificates from files: read, watched, swapped or kept. */
@NullMarked
package io.sotto.rpc.tls;

import org.jspecify.annotations.NullMarked;
