package io.sotto.cluster;

import java.util.List;

/** What came of {@link Sotto#reload}: all that can change while a node runs has changed, or nothing has. */
public sealed interface Reloaded {
    /**
     * All of it is in force. Settings are named by their paths below {@code sotto}; no text holds a key.
     *
     * @param changed what took effect, with the new values: {@code encrypt-verify-outgoing=true}
     * @param afterRestart the paths of what differs from the settings that the node was started with and cannot take effect
     *     while it runs
     * @param remarks what the operator should know besides
     */
    record Applied(List<String> changed, List<String> afterRestart, List<String> remarks) implements Reloaded {
        public Applied {
            changed = List.copyOf(changed);
            afterRestart = List.copyOf(afterRestart);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * Nothing has changed.
     *
     * @param reason for the operator, with the place in the settings where there is one
     */
    record Refused(String reason) implements Reloaded {}
}
