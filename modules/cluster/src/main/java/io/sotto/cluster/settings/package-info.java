/**
 * Every setting of a node as a method, one for one with {@code reference.conf}, for those who configure in code. Which settings
 * contradict each other is said when the node is made, as for HOCON.
 */
@NullMarked
package io.sotto.cluster.settings;

import org.jspecify.annotations.NullMarked;
