/**
 * The connections of a node to the others that it calls: one to each, dialled when the first call needs it, replaced before
 * it is given up, and chosen among where several would do. Calls go straight to the connection that is published; the
 * actors see only what goes wrong.
 */
@NullMarked
package io.sotto.rpc.pool;

import org.jspecify.annotations.NullMarked;
