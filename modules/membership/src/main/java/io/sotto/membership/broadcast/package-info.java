/**
 * Dissemination: the queue from which gossip and piggy-backed messages are taken. Source: gossip specification, section 12.
 */
@NullMarked
package io.sotto.membership.broadcast;

import org.jspecify.annotations.NullMarked;
