/**
 * User events: what has been seen of them, in a bounded window of Lamport time, what is sent of our own, and how many of
 * them an application needs to be told.
 */
@NullMarked
package io.sotto.membership.event;

import org.jspecify.annotations.NullMarked;
