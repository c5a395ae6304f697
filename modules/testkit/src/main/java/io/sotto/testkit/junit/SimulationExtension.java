package io.sotto.testkit.junit;

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
        return seeds(simulation).mapToObj(seed -> new SeededRun(seed, simulation.members()));
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
