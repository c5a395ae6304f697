/**
 * How often something may happen: one bucket of tokens, or one for each address in a table of fixed size.
 *
 * <p>Time is an argument, so that whoever owns a limit says which clock counts. Source: security rules, "Rules for the
 * packet path".
 */
@NullMarked
package io.sotto.gossip.rate;

import org.jspecify.annotations.NullMarked;
