package io.sotto.testkit.junit;

import io.sotto.testkit.sim.SimCluster;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/** One run of a {@link Simulation}: gives the test its cluster, and a failure its seed. */
final class SeededRun
        implements TestTemplateInvocationContext, ParameterResolver, InvocationInterceptor, AfterEachCallback {
    private static final int LINES_SHOWN = 20;

    private final Supplier<SimCluster.Builder> builder;
    private final long seed;
    private Optional<SimCluster> cluster = Optional.empty();

    /** @param builder makes what the test is to have, with the seed set */
    SeededRun(Supplier<SimCluster.Builder> builder, long seed) {
        this.builder = builder;
        this.seed = seed;
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == SimCluster.class || type == SimCluster.Builder.class || type == long.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == long.class) {
            return seed;
        }
        if (type == SimCluster.Builder.class) {
            return builder.get();
        }
        SimCluster built = cluster.orElseGet(() -> builder.get().build());
        cluster = Optional.of(built);
        return built;
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Outcome outcome = cluster.map(built -> built.virtual().call(() -> run(invocation)))
                .orElseGet(() -> run(invocation));
        if (outcome.failure != null) {
            outcome.failure.addSuppressed(new Repeat(text()));
            throw outcome.failure;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        cluster.ifPresent(SimCluster::close);
    }

    /** How a test ended. */
    private record Outcome(@Nullable Throwable failure) {}

    /** Whatever a test throws is its outcome; it is thrown again outside the cluster. */
    private static Outcome run(InvocationInterceptor.Invocation<@Nullable Void> invocation) {
        try {
            invocation.proceed();
            return new Outcome(null);
        } catch (Throwable failure) {
            return new Outcome(failure);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder("seed " + seed + "; repeat it with -Dsotto.seed=" + seed);
        cluster.ifPresent(built -> {
            List<String> log = built.log();
            text.append("\nThe last of ")
                    .append(log.size())
                    .append(" lines, at ")
                    .append(built.now())
                    .append(':');
            log.subList(Math.max(0, log.size() - LINES_SHOWN), log.size())
                    .forEach(line -> text.append("\n  ").append(line));
        });
        return text.toString();
    }

    /** Says how to repeat a failure; suppressed by it, so that every runner prints both. */
    static final class Repeat extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Repeat(String message) {
            super(message, null, false, false);
        }
    }
}
