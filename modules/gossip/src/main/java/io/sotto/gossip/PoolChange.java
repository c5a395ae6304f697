package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Optional;

/**
 * All that a running pool can be told anew, whole: what stays as it is, is given as it is. Immutable; its text shows the
 * key's id, never the key.
 *
 * <p>Of the timing, {@code gossipInterval}, {@code gossipNodes}, {@code probeInterval}, {@code probeTimeout}, {@code
 * suspicionMult}, {@code retransmitMult}, {@code pushPullInterval} and the {@code caution} take effect; the rest is read
 * once, when a pool starts. Source: ours.
 *
 * @param key a key that an empty ring takes as its primary; one that is on the ring changes nothing, any other is refused;
 *     empty to leave the ring as it is
 * @param verifyIncoming refuse plaintext, once there is a key
 * @param verifyOutgoing send nothing in plaintext, once there is a key
 * @param label the pool's label, or empty
 * @param otherLabels labels that are taken besides; the empty one stands for none
 * @param plaintextUntil until when plaintext may be taken in beside a key; a new duration counts from the change
 * @param swim the timing
 */
public record PoolChange(
        Optional<GossipKey> key,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        Octets label,
        List<Octets> otherLabels,
        PlaintextUntil plaintextUntil,
        SwimSettings swim) {

    public PoolChange {
        otherLabels = List.copyOf(otherLabels);
    }

    /** What these settings say of it. */
    public static PoolChange to(PoolSettings settings) {
        return new PoolChange(
                settings.keys().key(),
                settings.keys().verifyIncoming(),
                settings.keys().verifyOutgoing(),
                settings.label(),
                settings.otherLabels(),
                settings.plaintextUntil(),
                settings.rules().swim());
    }

    /** The same, but the ring stays as it is. */
    public PoolChange withoutKey() {
        return new PoolChange(
                Optional.empty(), verifyIncoming, verifyOutgoing, label, otherLabels, plaintextUntil, swim);
    }

    /** The same with this key for an empty ring. */
    public PoolChange withKey(GossipKey given) {
        return new PoolChange(
                Optional.of(given), verifyIncoming, verifyOutgoing, label, otherLabels, plaintextUntil, swim);
    }

    /** The policy that follows from the one in force; of its ring this says nothing. */
    WirePolicy over(WirePolicy before) {
        return before.withDemands(verifyIncoming, verifyOutgoing).withLabels(label, otherLabels);
    }
}
