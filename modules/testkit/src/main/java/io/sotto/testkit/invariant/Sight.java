package io.sotto.testkit.invariant;

/**
 * One running process at one moment.
 *
 * @param claimsQueued claims that wait to be gossiped
 * @param intentsQueued intents that wait to be gossiped
 * @param awake whether it runs, or is held as by SIGSTOP
 */
public record Sight(Life life, Picture picture, int claimsQueued, int intentsQueued, boolean awake) {
    public String name() {
        return life.name();
    }
}
