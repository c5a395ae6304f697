package io.sotto.membership;

import io.sotto.membership.admission.AdmissionRule;
import io.sotto.membership.admission.AllowedNetworks;

/**
 * What all machines of one pool share: our own name, the timing, and who may be a member. Immutable. Source: ours.
 */
public record PoolRules(
        String self,
        SwimSettings swim,
        SerfSettings serf,
        AdmissionRule admission,
        AllowedNetworks networks,
        ClaimPolicy claims) {

    /** Rules that refuse nobody, under the real systems' own policy. */
    public static PoolRules open(String self, SwimSettings swim, SerfSettings serf) {
        return new PoolRules(
                self, swim, serf, AdmissionRule.acceptAll(), AllowedNetworks.all(), ClaimPolicy.upstream());
    }

    /** The same rules for a node of another name. */
    public PoolRules withSelf(String name) {
        return new PoolRules(name, swim, serf, admission, networks, claims);
    }
}
