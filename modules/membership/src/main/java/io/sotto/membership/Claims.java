package io.sotto.membership;

import java.time.Duration;

/** The two values of the setting {@code claims}. Source: ours. */
public enum Claims {
    /** Ours: {@link ClaimPolicy#guarded}. */
    GUARDED,
    /** The real systems': {@link ClaimPolicy#upstream}. */
    UPSTREAM;

    /** The policy that it stands for, for protocol periods of this length. */
    public ClaimPolicy policy(GuardSettings settings, Duration probeInterval) {
        return switch (this) {
            case GUARDED -> ClaimPolicy.guarded(settings, probeInterval);
            case UPSTREAM -> ClaimPolicy.upstream();
        };
    }
}
