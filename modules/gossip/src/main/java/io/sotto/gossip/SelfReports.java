package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.crypto.GossipKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What this node says of its own encryption, as of now. Reads what the pool publishes. Source: ours. */
public record SelfReports(PoolState state) {
    private static final String UNRELEASED = "0.1.0";

    /** Empty without a key: nothing could seal it. */
    public Optional<SelfReport> present() {
        WirePolicy policy = state.policy();
        if (!policy.isKeyed()) {
            return Optional.empty();
        }
        return Optional.of(new SelfReport(
                policy.ring().keys().stream().map(GossipKey::id).toList(),
                policy.verifyIncoming(),
                policy.verifyOutgoing(),
                new String(policy.label().toArray(), StandardCharsets.UTF_8),
                policy.otherLabels().isEmpty(),
                state.rejections().evidence().lastPlain(),
                state.wall(),
                version()));
    }

    /** The version in the jar's manifest; classes that were never packaged have none. */
    private static String version() {
        String packaged = SelfReports.class.getPackage().getImplementationVersion();
        return packaged == null ? UNRELEASED : packaged;
    }
}
