package io.sotto.membership;

import io.sotto.membership.admission.AdmissionRule;
import io.sotto.membership.admission.AllowedNetworks;
import java.util.function.Supplier;

/**
 * What all machines of one pool share: our own name, the timing, and who may be a member. Immutable but for the timing,
 * which may change while the pool runs: what has begun, such as a suspicion, ends under the timing that it began with.
 * Source: ours.
 *
 * @param timing gives the one in force; must not block
 * @param claims how far others are believed; its periods are those of the timing in force
 */
public record PoolRules(
        String self,
        Supplier<SwimSettings> timing,
        SerfSettings serf,
        AdmissionRule admission,
        AllowedNetworks networks,
        ClaimPolicy claims) {
    public PoolRules {
        claims = claims.under(() -> timing.get().probeInterval());
    }

    /** Rules whose timing never changes. */
    public PoolRules(
            String self,
            SwimSettings swim,
            SerfSettings serf,
            AdmissionRule admission,
            AllowedNetworks networks,
            ClaimPolicy claims) {
        this(self, () -> swim, serf, admission, networks, claims);
    }

    /** The timing in force. */
    public SwimSettings swim() {
        return timing.get();
    }

    /** Rules that refuse nobody, under the real systems' own policy. */
    public static PoolRules open(String self, SwimSettings swim, SerfSettings serf) {
        return new PoolRules(
                self, swim, serf, AdmissionRule.acceptAll(), AllowedNetworks.all(), ClaimPolicy.upstream());
    }

    /** The same rules for a node of another name. */
    public PoolRules withSelf(String name) {
        return new PoolRules(name, timing, serf, admission, networks, claims);
    }

    /** The same rules under a timing that may change. */
    public PoolRules withTiming(Supplier<SwimSettings> inForce) {
        return new PoolRules(self, inForce, serf, admission, networks, claims);
    }

    /** The same rules under another policy for claims. */
    public PoolRules withClaims(ClaimPolicy policy) {
        return new PoolRules(self, timing, serf, admission, networks, policy);
    }
}
