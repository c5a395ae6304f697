package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.stream.StreamPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a pool demands of bytes that come in and does to bytes that go out, as of one moment.
 *
 * <p>Immutable. Whoever owns the keys publishes a new one; stages and connections read it without asking. Its text form
 * shows key ids, never keys. Source: gossip specification, sections 4, 7, 8 and 14.
 *
 * @param ring the keys; an empty ring means no encryption
 * @param verifyIncoming whether plaintext is refused; matters only with keys
 * @param verifyOutgoing whether everything sent is sealed; matters only with keys
 * @param label the configured label, or empty
 * @param otherLabels labels that are taken besides while the label of the pool changes; the empty one stands for none
 * @param skipInboundLabelCheck whether some proxy takes labels off, so that a label found is one too many
 * @param compression whether what is sent may be compressed; what is received may be either way
 * @param allowed the networks listened to
 */
public record WirePolicy(
        Keyring ring,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        Octets label,
        List<Octets> otherLabels,
        boolean skipInboundLabelCheck,
        boolean compression,
        AllowList allowed) {

    public WirePolicy {
        otherLabels = List.copyOf(otherLabels);
    }

    /** Under one label only. */
    public WirePolicy(
            Keyring ring,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            Octets label,
            boolean skipInboundLabelCheck,
            boolean compression,
            AllowList allowed) {
        this(ring, verifyIncoming, verifyOutgoing, label, List.of(), skipInboundLabelCheck, compression, allowed);
    }

    /** No keys, no label, compression on, everything allowed: what a real agent starts with. */
    public static WirePolicy plain() {
        return new WirePolicy(Keyring.empty(), true, true, Octets.empty(), false, true, AllowList.all());
    }

    /** As {@link #plain()}, but with keys and both verify flags on. */
    public static WirePolicy sealed(Keyring ring) {
        return new WirePolicy(ring, true, true, Octets.empty(), false, true, AllowList.all());
    }

    public boolean isKeyed() {
        return !ring.isEmpty();
    }

    /** Whether only sealed input may go on. */
    public boolean refusesPlaintext() {
        return verifyIncoming && isKeyed();
    }

    /** The key that what is sent is sealed with, if it is. */
    public Optional<GossipKey> sealingKey() {
        return verifyOutgoing ? ring.primary() : Optional.empty();
    }

    /** The same demands, as the codec of streams takes them. */
    public StreamPolicy forStreams() {
        return new StreamPolicy(
                Optional.of(ring),
                verifyIncoming,
                verifyOutgoing,
                label,
                otherLabels,
                skipInboundLabelCheck,
                compression);
    }

    public WirePolicy withRing(Keyring newRing) {
        return new WirePolicy(
                newRing,
                verifyIncoming,
                verifyOutgoing,
                label,
                otherLabels,
                skipInboundLabelCheck,
                compression,
                allowed);
    }

    /** The same, with other demands. */
    public WirePolicy withDemands(boolean newVerifyIncoming, boolean newVerifyOutgoing) {
        return new WirePolicy(
                ring,
                newVerifyIncoming,
                newVerifyOutgoing,
                label,
                otherLabels,
                skipInboundLabelCheck,
                compression,
                allowed);
    }

    /** The same, under other labels. */
    public WirePolicy withLabels(Octets newLabel, List<Octets> newOtherLabels) {
        return new WirePolicy(
                ring,
                verifyIncoming,
                verifyOutgoing,
                newLabel,
                newOtherLabels,
                skipInboundLabelCheck,
                compression,
                allowed);
    }

    /** What answers a request that came under {@code requested} is written under. */
    public WirePolicy answering(Octets requested) {
        return requested.equals(label) ? this : withLabels(requested, List.of());
    }

    /** {@code 1a2b3c4d (primary), 5e6f7a8b}, or {@code none}. */
    String describeKeys() {
        List<GossipKey> keys = ring.keys();
        return keys.isEmpty()
                ? "none"
                : keys.get(0).id() + " (primary)"
                        + keys.stream().skip(1).map(key -> ", " + key.id()).collect(Collectors.joining());
    }
}
