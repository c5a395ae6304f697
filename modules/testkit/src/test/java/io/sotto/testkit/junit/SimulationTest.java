package io.sotto.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.sotto.testkit.sim.SimCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What {@link Simulation} runs, and what it says of a failure. */
class SimulationTest {
    /** The tests that the tests below run; by itself none of them is run. */
    static final class Sample {
        @Simulation(members = 2, seed = 40, seeds = 3)
        void failsUnderOneSeed(SimCluster cluster) {
            cluster.formed();
            assertThat(cluster.seed()).isNotEqualTo(41);
        }

        @Simulation(members = 2, seed = 7)
        void buildsItsOwn(SimCluster.Builder builder, long seed) {
            try (SimCluster cluster = builder.build()) {
                assertThat(cluster.seed()).isEqualTo(seed).isEqualTo(7);
                cluster.formed();
                cluster.runUntil("what never comes", () -> false, Duration.ofSeconds(1));
            }
        }
    }

    private record Run(String name, TestExecutionResult result) {
        String text() {
            StringWriter text = new StringWriter();
            result.getThrowable().orElseThrow().printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }

    @AfterEach
    void forgetProperties() {
        System.clearProperty("sotto.seed");
        System.clearProperty("sotto.seeds");
    }

    @Test
    void everySeedIsARunAndAFailureNamesItsOwn() {
        List<Run> runs = run("failsUnderOneSeed", SimCluster.class.getName());
        assertThat(runs).extracting(Run::name).containsExactly("seed 40", "seed 41", "seed 42");
        assertThat(runs)
                .extracting(run -> run.result().getStatus())
                .containsExactly(
                        TestExecutionResult.Status.SUCCESSFUL,
                        TestExecutionResult.Status.FAILED,
                        TestExecutionResult.Status.SUCCESSFUL);
        assertThat(runs.get(1).text()).contains("repeat it with -Dsotto.seed=41", "n2 JOINED n1");
    }

    @Test
    void aPropertyRunsOneSeedAlone() {
        System.setProperty("sotto.seed", "41");
        assertThat(run("failsUnderOneSeed", SimCluster.class.getName()))
                .extracting(Run::name)
                .containsExactly("seed 41");
    }

    @Test
    void aPropertyRunsAsManySeedsAsItSays() {
        System.setProperty("sotto.seeds", "5");
        assertThat(run("failsUnderOneSeed", SimCluster.class.getName()))
                .hasSize(5)
                .last()
                .extracting(Run::name)
                .isEqualTo("seed 44");
    }

    @Test
    void aTestMayBuildTheClusterItself() {
        List<Run> runs = run("buildsItsOwn", SimCluster.Builder.class.getName() + ", long");
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).text()).contains("in vain for what never comes [seed 7]");
    }

    private static List<Run> run(String method, String parameters) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(Sample.class, method, parameters))
                .configurationParameters(Map.of("junit.jupiter.execution.parallel.enabled", "false"))
                .build();
        List<Run> runs = new ArrayList<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    runs.add(new Run(test.getDisplayName(), result));
                }
            }
        });
        return runs;
    }
}
