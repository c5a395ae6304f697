/** What the actors of calls have in common when they fail: the message on which one did is given to it once more. */
@NullMarked
package io.sotto.rpc.supervision;

import org.jspecify.annotations.NullMarked;
