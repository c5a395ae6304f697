package io.sotto.testkit.junit;

import io.sotto.gossip.keys.KeySettings;
import io.sotto.testkit.fixture.TestKeys;
import io.sotto.testkit.sim.SimCluster;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a {@link Simulation} once for each of its seeds. */
final class SimulationExtension implements TestTemplateInvocationContextProvider {
    private static final String ONE_SEED = "sotto.seed";
    private static final String MANY_SEEDS = "sotto.seeds";

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod()
                .filter(method -> AnnotationSupport.isAnnotated(method, Simulation.class))
                .isPresent();
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Simulation simulation = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Simulation.class)
                .orElseThrow();
        UnaryOperator<SimCluster.Builder> settings = settings(simulation, context);
        return seeds(simulation)
                .mapToObj(seed -> new SeededRun(
                        () -> settings.apply(SimCluster.builder().seed(seed).members(simulation.members())), seed));
    }

    private static UnaryOperator<SimCluster.Builder> settings(Simulation simulation, ExtensionContext context) {
        return builder -> {
            SimCluster.Builder sealed = simulation.encrypted()
                    ? builder.keys(new KeySettings(Optional.of(TestKeys.bytes32()), Optional.empty(), true, true))
                    : builder;
            return simulation.tls() ? sealed.calls(MemberCertificates.of(context)::tls) : sealed;
        };
    }

    private static LongStream seeds(Simulation simulation) {
        String one = System.getProperty(ONE_SEED, "");
        if (!one.isEmpty()) {
            return LongStream.of(Long.parseLong(one));
        }
        String many = System.getProperty(MANY_SEEDS, "");
        long count = many.isEmpty() ? simulation.seeds() : Long.parseLong(many);
        return LongStream.range(simulation.seed(), simulation.seed() + count);
    }
}
