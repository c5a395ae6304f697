package io.sotto.membership;

/**
 * The two values of the setting {@code claims}.
 *
 * <p>{@code GUARDED} is the name under which this project's own, stricter table will stand. Until that table exists both
 * names mean the real systems' rule. Source: ours.
 */
public enum Claims {
    GUARDED,
    UPSTREAM;

    public ClaimPolicy policy() {
        return ClaimPolicy.upstream();
    }
}
