package io.sotto.membership.merge;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.PushPull;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The versions that every member alive understands, and whether all members speak one of them.
 *
 * <p>Source: gossip specification, section 9 ("check on push/pull").
 */
final class VersionWindow {
    private static final int HIGHEST = 255;

    private int pmin;
    private int pmax = HIGHEST;
    private int dmin;
    private int dmax = HIGHEST;

    private VersionWindow() {}

    static Optional<String> objection(List<PushPull.Node> remote, Collection<MemberRecord> local) {
        var window = new VersionWindow();
        for (PushPull.Node node : remote) {
            if (node.state() == NodeState.ALIVE) {
                ProtocolVersions.parse(node.vsn()).ifPresent(window::narrow);
            }
        }
        for (MemberRecord record : local) {
            if (record.isAlive()) {
                window.narrow(record.versions());
            }
        }
        for (PushPull.Node node : remote) {
            ProtocolVersions versions = ProtocolVersions.parse(node.vsn()).orElse(ProtocolVersions.UNKNOWN);
            Optional<String> objection = window.refuse(node.name(), versions);
            if (objection.isPresent()) {
                return objection;
            }
        }
        for (MemberRecord record : local) {
            Optional<String> objection =
                    record.pooled() ? window.refuse(record.name(), record.versions()) : Optional.empty();
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private void narrow(ProtocolVersions versions) {
        pmin = Math.max(pmin, versions.pmin());
        pmax = Math.min(pmax, versions.pmax());
        dmin = Math.max(dmin, versions.dmin());
        dmax = Math.min(dmax, versions.dmax());
    }

    private Optional<String> refuse(String name, ProtocolVersions versions) {
        if (versions.pcur() < pmin || versions.pcur() > pmax) {
            return Optional.of(refusal(name, "protocol", versions.pcur(), pmin, pmax));
        }
        if (versions.dcur() < dmin || versions.dcur() > dmax) {
            return Optional.of(refusal(name, "delegate protocol", versions.dcur(), dmin, dmax));
        }
        return Optional.empty();
    }

    private static String refusal(String name, String which, int current, int min, int max) {
        return "Node '" + name + "' " + which + " version (" + current + ") is incompatible: [" + min + ", " + max
                + "]";
    }
}
