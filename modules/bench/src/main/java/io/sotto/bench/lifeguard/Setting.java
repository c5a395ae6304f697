package io.sotto.bench.lifeguard;

import io.sotto.membership.Claims;
import io.sotto.membership.SwimSettings;

/** A way to suspect, by the name it has in the results. */
enum Setting {
    /** SWIM: alpha 5, every suspicion of one length, no local health. */
    SWIM("swim", SwimSettings.lan().asUpstream().withSuspicion(5, 1, 1)),
    /** memberlist as it is shipped: alpha 4, beta 6. */
    LIFEGUARD("lifeguard", SwimSettings.lan().asUpstream()),
    /** Our default. */
    SOTTO("sotto", SwimSettings.lan()),
    /** The fastest setting of the paper: alpha 2, beta 6. */
    LIFEGUARD_ALPHA_2("lifeguard-alpha2", SwimSettings.lan().asUpstream().withSuspicionMult(2)),
    /** Our rules at that. */
    SOTTO_ALPHA_2("sotto-alpha2", SwimSettings.lan().withSuspicionMult(2));

    final String label;

    @SuppressWarnings("ImmutableEnumChecker") // A record of numbers and durations.
    final SwimSettings swim;

    /** How far members believe what others say: memberlist's settings with memberlist's rule. */
    final Claims claims;

    Setting(String label, SwimSettings swim) {
        this.label = label;
        this.swim = swim;
        this.claims = label.startsWith("sotto") ? Claims.GUARDED : Claims.UPSTREAM;
    }
}
