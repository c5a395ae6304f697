package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class SystemTuningTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference();

    @Test
    void replacesTheDefaultsOfTheLibraries() {
        Config tuned = SystemTuning.tune(REFERENCE);
        assertThat(tuned.getDuration("pekko.scheduler.tick-duration").toMillis())
                .isGreaterThan(
                        REFERENCE.getDuration("pekko.scheduler.tick-duration").toMillis());
        assertThat(tuned.getBoolean("pekko.jvm-shutdown-hooks")).isFalse();
        assertThat(tuned.getString("pekko.actor.internal-dispatcher")).isEqualTo("pekko.actor.default-dispatcher");
        assertThat(tuned.getInt("pekko.actor.default-dispatcher.fork-join-executor.parallelism-max"))
                .isLessThan(REFERENCE.getInt("pekko.actor.default-dispatcher.fork-join-executor.parallelism-max"));
    }

    @Test
    void givesWayToTheOperator() {
        Config operator = ConfigFactory.parseString(
                        "pekko { loglevel = DEBUG, actor.default-dispatcher.fork-join-executor.parallelism-max = 9 }")
                .withFallback(REFERENCE);
        Config tuned = SystemTuning.tune(operator);
        assertThat(tuned.getString("pekko.loglevel")).isEqualTo("DEBUG");
        assertThat(tuned.getInt("pekko.actor.default-dispatcher.fork-join-executor.parallelism-max"))
                .isEqualTo(9);
        assertThat(tuned.getBoolean("pekko.jvm-shutdown-hooks")).isFalse();
    }

    @Test
    void namesNoSettingThatTheLibrariesDoNotHave() {
        ConfigFactory.parseResources(SystemTuning.class, "agent-pekko.conf")
                .entrySet()
                .forEach(entry -> assertThat(REFERENCE.hasPathOrNull(entry.getKey()))
                        .as(entry.getKey())
                        .isTrue());
    }
}
