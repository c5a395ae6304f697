package io.sotto.wire.stream;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.List;
import java.util.Optional;

/**
 * What a node asks of streams, and how it writes its own.
 *
 * @param ring the keys; none, or an empty ring, means no encryption
 * @param verifyIncoming whether plaintext is refused; matters only with keys
 * @param verifyOutgoing whether everything sent is sealed; matters only with keys
 * @param label the configured label, or empty
 * @param otherLabels labels that requests may come under besides, while the label of a pool changes; an answer comes under
 *     that of its request
 * @param skipInboundLabelCheck whether some proxy takes labels off, so that a label found is one too many
 * @param compression whether everything sent is compressed; what is received may be either way
 */
public record StreamPolicy(
        Optional<Keyring> ring,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        Octets label,
        List<Octets> otherLabels,
        boolean skipInboundLabelCheck,
        boolean compression) {

    public StreamPolicy {
        otherLabels = List.copyOf(otherLabels);
    }

    /** Under one label only. */
    public StreamPolicy(
            Optional<Keyring> ring,
            boolean verifyIncoming,
            boolean verifyOutgoing,
            Octets label,
            boolean skipInboundLabelCheck,
            boolean compression) {
        this(ring, verifyIncoming, verifyOutgoing, label, List.of(), skipInboundLabelCheck, compression);
    }

    /** Whether there is a key to open with. */
    public boolean isKeyed() {
        return ring.isPresent() && !ring.get().isEmpty();
    }

    /** The key that what is sent is sealed with, if it is. */
    Optional<GossipKey> sealingKey() {
        return verifyOutgoing ? ring.flatMap(Keyring::primary) : Optional.empty();
    }
}
