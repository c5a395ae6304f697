package io.sotto.agent.access;

import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Tells whether a token is that of somebody who may change the pool, where it does not come by this agent's own API. For any
 * thread; never blocks. Source: ours; security rules, "TLS".
 */
public final class OperatorTokens {
    private final AccessSettings settings;
    private final Supplier<TokenBook> tokens;
    private final InstantSource time;

    private OperatorTokens(AccessSettings settings, Supplier<TokenBook> tokens, InstantSource time) {
        this.settings = settings;
        this.tokens = tokens;
        this.time = time;
    }

    /**
     * The tokens of one agent.
     *
     * @param tokens those in force
     */
    public static OperatorTokens of(AccessSettings settings, TokenKeeper tokens, InstantSource time) {
        return new OperatorTokens(settings, tokens::book, time);
    }

    /**
     * Whether it has write on operator. Nobody is let in without a token, whatever the default policy: who asks is far away.
     *
     * @param token hostile; not kept
     */
    public boolean take(String token) {
        return !token.isEmpty()
                && tokens.get()
                        .find(Token.of(token), time.instant())
                        .map(known -> new TokenRights(known, settings.fallback()))
                        .filter(rights -> rights.may(Access.OPERATOR_WRITE, ""))
                        .isPresent();
    }
}
