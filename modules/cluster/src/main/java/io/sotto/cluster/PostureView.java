package io.sotto.cluster;

import io.sotto.gossip.PoolState;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.Dial;
import io.sotto.pki.TlsPolicy;
import io.sotto.pki.TlsSnapshot;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts a {@link Posture} together from what pools publish and from the certificates in force. Reads only. */
final class PostureView {
    private PostureView() {}

    static Posture of(PoolState lan, Optional<PoolState> wan, TlsSnapshot tls) {
        Instant now = lan.wall();
        return new Posture(now, gossip(lan, now), wan.map(pool -> gossip(pool, now)), tls(tls, now));
    }

    private static Posture.Gossip gossip(PoolState state, Instant now) {
        WirePolicy policy = state.policy();
        List<String> keys = policy.ring().keys().stream().map(GossipKey::id).toList();
        SortedMap<String, Instant> plain = new TreeMap<>();
        SortedMap<String, String> old = new TreeMap<>();
        state.evidence().forEach((member, seen) -> {
            seen.lastPlain().ifPresent(at -> plain.put(member, at));
            seen.keyId()
                    .filter(id -> !keys.isEmpty() && !id.equals(keys.get(0)))
                    .ifPresent(id -> old.put(member, id));
        });
        return new Posture.Gossip(
                encryption(policy),
                step(policy),
                keys,
                policy.verifyIncoming(),
                policy.verifyOutgoing(),
                state.plaintextPhase()
                        .map(phase -> new PlaintextPhase(phase.since(), phase.deadline(), phase.overdue(now))),
                plain,
                old);
    }

    static Posture.Encryption encryption(WirePolicy policy) {
        if (!policy.isKeyed()) {
            return Posture.Encryption.NONE;
        }
        return policy.verifyIncoming() && policy.verifyOutgoing()
                ? Posture.Encryption.ENFORCED
                : Posture.Encryption.PARTIAL;
    }

    static Posture.Step step(WirePolicy policy) {
        if (!policy.isKeyed()) {
            return Posture.Step.PLAIN;
        }
        if (!policy.verifyOutgoing()) {
            return Posture.Step.KEYED;
        }
        return policy.verifyIncoming() ? Posture.Step.INCOMING : Posture.Step.OUTGOING;
    }

    private static Posture.Tls tls(TlsSnapshot tls, Instant now) {
        TlsPolicy policy = tls.policy();
        Optional<Instant> ends = tls.own().map(CertificateFacts::notAfter);
        return new Posture.Tls(
                tls.servesTls(),
                !policy.inbound().plaintext(),
                policy.howToDial(false) == Dial.TLS,
                policy.checksServerNames(),
                word(policy),
                tls.generation(),
                ends,
                ends.map(at -> Duration.between(now, at)),
                tls.authorities().stream().map(CertificateFacts::notAfter).min(Instant::compareTo));
    }

    private static String word(TlsPolicy policy) {
        return switch (policy.minVersion()) {
            case TLS_1_2 -> "tls12";
            case TLS_1_3 -> "tls13";
        };
    }
}
