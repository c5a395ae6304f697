/**
 * Who may be a member: the hooks and the allow list of the gossip specification, sections 14 and 19.
 *
 * <p>Rules are pure and immutable; they look at candidates and answer with an objection or with none.
 */
@NullMarked
package io.sotto.membership.admission;

import org.jspecify.annotations.NullMarked;
