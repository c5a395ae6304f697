/**
 * Actor systems in virtual time: every actor and every stage runs on the thread that asks, in a repeatable order, and time
 * passes only when that thread lets it. {@link io.sotto.virtualtime.VirtualTime} is the way in.
 */
@NullMarked
package io.sotto.virtualtime;

import org.jspecify.annotations.NullMarked;
