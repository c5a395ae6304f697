/**
 * Network coordinates: where a member is in a space in which distances are round trips. Pure: measured round trips and the
 * coordinates that others tell go in, our own coordinate comes out.
 *
 * <p>What others tell is hostile until it has been checked: a coordinate is used only if every number in it is one that an
 * honest member could have, and our own is thrown away rather than kept once it is not. Source: gossip specification,
 * section 18; Dabek et al., "Vivaldi"; Ledlie et al., "Network Coordinates in the Wild".
 */
@NullMarked
package io.sotto.membership.coordinate;

import org.jspecify.annotations.NullMarked;
