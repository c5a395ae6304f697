package io.sotto.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test over a {@link io.sotto.testkit.sim.SimCluster}, run once for each of some seeds.
 *
 * <pre>{@code
 * @Simulation(members = 5, seeds = 20)
 * void everyMemberReturnsAfterAPartition(SimCluster cluster) {
 *     cluster.formed();
 *     cluster.partition(cluster.members("n1", "n2"), cluster.members("n3", "n4", "n5"));
 *     ...
 * }
 * }</pre>
 *
 * <p>The test takes a {@code SimCluster}, built and not yet started, or a {@code SimCluster.Builder} with the seed and the
 * members set, and closes what it builds from that itself; or neither, and {@code long}, the seed. A failure says how to
 * repeat it: {@code -Dsotto.seed=7} runs that seed alone. {@code -Dsotto.seeds=1000} runs that many instead.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SimulationExtension.class)
public @interface Simulation {
    /** How many members there are: {@code n1} and so on. */
    int members() default 5;

    /** Whether gossip is sealed from the start, with {@link io.sotto.testkit.fixture.TestKeys#bytes32}. */
    boolean encrypted() default false;

    /**
     * Whether calls are by TLS and both sides prove themselves, each member with a certificate of its own from {@link
     * io.sotto.testkit.fixture.TestCertificates}.
     */
    boolean tls() default false;

    /** The first seed. */
    long seed() default 1;

    /** How many seeds, one after the other. */
    int seeds() default 1;
}
