package io.sotto.cluster;

import com.typesafe.config.Config;
import io.sotto.cluster.upshift.Footing;
import io.sotto.cluster.upshift.MemberReport;
import io.sotto.gossip.SelfReports;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.Dial;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.TlsSnapshot;
import io.sotto.wire.crypto.GossipKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of a node that {@link Sotto} runs: its pools, its certificates, and what is laid over its configuration. */
final class LocalFooting implements Footing {
    private static final Logger LOG = LoggerFactory.getLogger("io.sotto.cluster.upshift");
    private static final String NO_RING_FILE =
            "keeps no keyring (persist = false or disable-keyring-file): its key would not survive a restart";

    private final RunningPool lan;
    private final Optional<RunningPool> wan;
    private final RunningRpc rpc;
    private final Reloads reloads;

    LocalFooting(RunningPool lan, Optional<RunningPool> wan, RunningRpc rpc, Reloads reloads) {
        this.lan = lan;
        this.wan = wan;
        this.rpc = rpc;
        this.reloads = reloads;
    }

    @Override
    public MemberReport report(List<UpshiftRecord> records) {
        Instant now = lan.state().wall();
        UpshiftReport said = new UpshiftReport(lan.self().name(), gossip(), tls(now), records, now);
        return new MemberReport(said, hindrances(), reloads.laid().text(), Map.of()).rotating(rotation());
    }

    /** Of either pool: both have the same keys. */
    private Optional<MemberReport.Rotating> rotation() {
        return Stream.concat(Stream.of(lan), wan.stream())
                .map(pool -> pool.state().rotation())
                .filter(RotationProgress::isUnderWay)
                .map(progress -> new MemberReport.Rotating(progress.newKey().orElse("")))
                .findFirst();
    }

    /** Of both pools together: what holds for one only does not hold for this node. */
    private Optional<SelfReport> gossip() {
        Optional<SelfReport> here = new SelfReports(lan.state()).present();
        if (wan.isEmpty() || here.isEmpty()) {
            return here;
        }
        return new SelfReports(wan.get().state()).present().flatMap(there -> both(here.get(), there));
    }

    private static Optional<SelfReport> both(SelfReport here, SelfReport there) {
        List<String> keys = here.keys().stream().filter(there.keys()::contains).toList();
        boolean isOne = here.primary().equals(there.primary());
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new SelfReport(
                        keys,
                        here.verifyIncoming() && there.verifyIncoming(),
                        here.verifyOutgoing() && there.verifyOutgoing() && isOne,
                        here.label(),
                        here.labelEnforced(),
                        Stream.concat(here.lastPlaintext().stream(), there.lastPlaintext().stream())
                                .max(Instant::compareTo),
                        here.reportedAt(),
                        here.version()));
    }

    private TlsReport tls(Instant now) {
        TlsSnapshot snapshot = rpc.tls();
        Optional<CertificateFacts> own = snapshot.own();
        return new TlsReport(
                own.isPresent(),
                !snapshot.authorities().isEmpty(),
                snapshot.inbound().clientCertificate(),
                snapshot.howToDial(false) == Dial.TLS,
                rpc.sincePlain().map(now::minus),
                own.map(CertificateFacts::notAfter),
                own.map(CertificateFacts::fingerprint).orElse(""),
                snapshot.selfCheck().stream().findFirst().map(PeerRefused::explain));
    }

    private Map<UpshiftKind, String> hindrances() {
        Map<UpshiftKind, String> hindrances = new EnumMap<>(UpshiftKind.class);
        Config said = reloads.said();
        if (LaidSettings.directory(said).isEmpty()) {
            for (UpshiftKind kind : UpshiftKind.values()) {
                hindrances.put(kind, Reloads.NOWHERE);
            }
        } else if (!said.getBoolean("persist") || said.getBoolean("disable-keyring-file")) {
            hindrances.put(UpshiftKind.GOSSIP, NO_RING_FILE);
        }
        return hindrances;
    }

    @Override
    public CompletionStage<Optional<String>> take(
            UpshiftKind kind, UpshiftStage stage, String keyId, Optional<GossipKey> key) {
        Optional<String> hindrance = Optional.ofNullable(hindrances().get(kind));
        if (hindrance.isPresent()) {
            key.ifPresent(GossipKey::wipe);
            return CompletableFuture.completedFuture(hindrance);
        }
        if (kind == UpshiftKind.TLS && stage != UpshiftStage.NONE && !rpc.tls().servesTls()) {
            return CompletableFuture.completedFuture(
                    Optional.of("has no certificate: set tls.cert-file and tls.key-file"));
        }
        return reloads.take(kind, stage, keyId, key).thenApply(fault -> {
            // The ring has a copy of its own.
            key.ifPresent(GossipKey::wipe);
            if (fault.isEmpty()) {
                LOG.info("{} upshift: this node is at {}", kind, stage);
            }
            return fault;
        });
    }

    @Override
    public List<GossipKey> ring() {
        return lan.ring().keys();
    }

    @Override
    public Optional<GossipKey> configuredKey() {
        return reloads.configuredKey();
    }
}
