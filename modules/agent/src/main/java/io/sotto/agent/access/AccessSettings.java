package io.sotto.agent.access;

import java.util.Optional;

/**
 * How an agent guards itself. Immutable; its text holds no secret.
 *
 * @param enabled whether it does
 * @param fallback what counts where no rule of a token does: {@link Level#DENY}, or {@link Level#WRITE} for all
 * @param management a token that may do everything
 * @param recovery a token that may do everything with this agent, and see the members
 * @param fallbackToken stands for the token of requests that have none, and goes with them to servers
 * @param maxFailures wrong tokens, and refusals, that one address may cause in a minute
 * @param addressesMax how many addresses are remembered for that
 * @param node this agent's name
 */
public record AccessSettings(
        boolean enabled,
        Level fallback,
        Optional<Token> management,
        Optional<Token> recovery,
        Optional<Token> fallbackToken,
        int maxFailures,
        int addressesMax,
        String node) {
    public AccessSettings {
        if (maxFailures < 1 || addressesMax < 1) {
            throw new IllegalArgumentException("a bound on failures must be 1 or more");
        }
    }
}
