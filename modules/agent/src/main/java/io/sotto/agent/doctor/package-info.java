/**
 * What {@code sotto doctor} makes of what it saw: facts about one agent's settings, its files and its pool go in, a list of checks with
 * their findings comes out. Pure: nothing here asks, reads or looks at a clock.
 */
@NullMarked
package io.sotto.agent.doctor;

import org.jspecify.annotations.NullMarked;
