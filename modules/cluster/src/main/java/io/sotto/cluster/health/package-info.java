/**
 * Whether a node is well: {@link io.sotto.cluster.health.SottoHealth} says so with its reasons, and three checks say yes or no
 * to whoever asks for a {@code Supplier<CompletionStage<Boolean>>}, such as Pekko Management, of which nothing is needed here.
 *
 * <p>Checks read what pools publish and ask actors with a bound on the time; none blocks, and none asks another node.
 */
@NullMarked
package io.sotto.cluster.health;

import org.jspecify.annotations.NullMarked;
