/**
 * User events as an operator of this agent sees them: fired in the form of the datacenter or cluster that it is in, and the
 * last ones received kept for whoever asks.
 */
@NullMarked
package io.sotto.agent.events;

import org.jspecify.annotations.NullMarked;
