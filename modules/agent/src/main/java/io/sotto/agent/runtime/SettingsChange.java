package io.sotto.agent.runtime;

import io.sotto.agent.config.AgentSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What differs between the settings in force and those read again: the names as files spell them, and no value that may be
 * secret.
 *
 * @param live takes effect at once; with the new value
 * @param afterRestart needs a restart
 */
record SettingsChange(List<String> live, List<String> afterRestart) {
    private static final String LOG_LEVEL = "log_level";
    /** Made up anew at each reading under {@code -dev}. */
    private static final String DEV_KEY = "encrypt";

    SettingsChange {
        live = List.copyOf(live);
        afterRestart = List.copyOf(afterRestart);
    }

    /**
     * Compares by name.
     *
     * @param started the settings that the agent started with
     * @param logLevel the one in force, which an earlier reload may have changed
     * @param read the settings as they are now
     */
    static SettingsChange between(AgentSettings started, AgentSettings.LogLevel logLevel, AgentSettings read) {
        List<String> afterRestart = new ArrayList<>();
        for (RecordComponent component : AgentSettings.class.getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            boolean ignored = name.equals(LOG_LEVEL) || (name.equals(DEV_KEY) && started.dev());
            if (!ignored && !value(component, started).equals(value(component, read))) {
                afterRestart.add(name);
            }
        }
        return new SettingsChange(
                logLevel == read.logLevel() ? List.of() : List.of(LOG_LEVEL + "=" + read.logLevel()), afterRestart);
    }

    private static Object value(RecordComponent component, AgentSettings settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public record's accessors can be called: " + component, e);
        }
    }
}
