package io.sotto.agent.runtime;

/**
 * Which sotto runs.
 *
 * @param version three numbers: {@code 0.1.0}
 * @param prerelease what follows them: {@code SNAPSHOT}, or empty for a release
 * @param revision a short commit hash, or empty
 */
public record Build(String version, String prerelease, String revision) {
    /** From {@code 0.1.0} or {@code 0.1.0-SNAPSHOT}. */
    public static Build of(String text) {
        int dash = text.indexOf('-');
        return dash < 0 ? new Build(text, "", "") : new Build(text.substring(0, dash), text.substring(dash + 1), "");
    }
}
