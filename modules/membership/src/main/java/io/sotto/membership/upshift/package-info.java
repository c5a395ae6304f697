/**
 * Whether a pool may go on to the next phase of an upshift, from plaintext to enforced encryption, and if not, because of
 * whom.
 *
 * <p>Members' own sealed reports decide. What was seen of a member's traffic is a hint, since addresses can be forged; it is
 * all there is of members that give no report. Pure: evidence in, verdicts out. Source: ours; security rules, "Keys"; gossip
 * specification, section 7, for what each flag demands.
 */
@NullMarked
package io.sotto.membership.upshift;

import org.jspecify.annotations.NullMarked;
