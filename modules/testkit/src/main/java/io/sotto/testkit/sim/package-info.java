/**
 * Whole clusters in virtual time: production pools, stages included, over a simulated network, seeded and repeatable.
 * {@link io.sotto.testkit.sim.SimCluster} is the way in.
 */
@NullMarked
package io.sotto.testkit.sim;

import org.jspecify.annotations.NullMarked;
