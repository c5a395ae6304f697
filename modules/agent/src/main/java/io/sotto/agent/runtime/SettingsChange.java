package io.sotto.agent.runtime;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.http.AgentControl;
import io.sotto.cluster.Reloaded;
import java.util.ArrayList;
import java.util.List;

/** What a reload did, with the names as Consul's files spell them. Pure. */
final class SettingsChange {
    private static final String LOG_LEVEL = "log_level";

    private SettingsChange() {}

    /**
     * The node's report and the agent's own part.
     *
     * @param node what the node took up
     * @param before the log level that was in force, which an earlier reload may have changed
     * @param now the one in force from now on
     */
    static AgentControl.Reloaded.Applied of(
            Reloaded.Applied node, AgentSettings.LogLevel before, AgentSettings.LogLevel now) {
        List<String> changed = new ArrayList<>();
        if (before != now) {
            changed.add(LOG_LEVEL + "=" + now);
        }
        node.changed().forEach(change -> changed.add(spelled(change)));
        List<String> afterRestart = node.afterRestart().stream()
                .map(SettingsChange::spelled)
                .filter(name -> !name.equals(LOG_LEVEL))
                .toList();
        return new AgentControl.Reloaded.Applied(changed, afterRestart, node.remarks());
    }

    /** The name in front, up to the value or the key of a map. */
    private static String spelled(String change) {
        int end = 0;
        while (end < change.length() && "=\": ".indexOf(change.charAt(end)) < 0) {
            end++;
        }
        return change.substring(0, end).replace('-', '_') + change.substring(end);
    }
}
