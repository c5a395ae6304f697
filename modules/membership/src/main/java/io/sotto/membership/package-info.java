/**
 * Membership of one gossip pool as pure state machines: SWIM with Lifeguard below, Serf's intents above.
 *
 * <p>Claims, intents, timer ticks and the present time go in; {@link io.sotto.membership.Effect effects} come out, and
 * whoever owns the machine carries them out. Nothing here knows a socket, a thread, a clock or global randomness. Timers
 * are values with a generation number, so a stale one is ignored and nothing needs cancelling. Each machine belongs to one
 * owner and is not safe for use from two threads; the records are immutable and may go anywhere.
 *
 * <p>This package holds the members themselves; {@code probe} the failure detector, {@code broadcast} dissemination,
 * {@code merge} push/pull, and {@code admission} the rules by which a pool refuses members. Source: gossip specification,
 * sections 9 to 17; Das et al., "SWIM"; Dadgar et al., "Lifeguard" (arXiv 1707.00788).
 */
@NullMarked
package io.sotto.membership;

import org.jspecify.annotations.NullMarked;
