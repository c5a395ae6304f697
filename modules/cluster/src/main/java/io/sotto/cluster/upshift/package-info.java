/**
 * Driving an upshift over a whole pool: who asks and orders, how that travels, who obeys, and what is kept of it.
 *
 * <p>The decisions are those of {@link io.sotto.membership.upshift.drive}; what is here carries them out. Source: ours.
 */
@NullMarked
package io.sotto.cluster.upshift;

import org.jspecify.annotations.NullMarked;
