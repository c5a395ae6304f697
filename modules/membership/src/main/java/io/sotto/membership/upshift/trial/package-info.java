/**
 * Trials: what can be found out about a member that gives no report, by pinging it over a stream. A ping that a key sealed is
 * answered by who holds that key; the answer is sealed where the member seals what it sends; and a plain ping goes unanswered
 * where it refuses plaintext. Pure: whoever carries a trial out sends the pings.
 */
@NullMarked
package io.sotto.membership.upshift.trial;

import org.jspecify.annotations.NullMarked;
