/**
 * Where an application enters: the {@link io.sotto.cluster.Sotto} extension and the gossip pools it runs.
 *
 * <p>Everything here is configured by HOCON under {@code sotto}, never blocks, and never throws because of the network.
 * The standalone agent is an application like any other and uses this package and nothing below it.
 */
@NullMarked
package io.sotto.cluster;

import org.jspecify.annotations.NullMarked;
