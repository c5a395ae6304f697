package io.sotto.membership;

import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;

/** What version bytes in an alive message are good for. Source: gossip specification, section 9. */
final class VersionRule {
    private static final int LENGTH = 6;
    private static final int CHECKED_FROM = 3;

    /** The bytes of a member that never said its versions. */
    static final Octets UNKNOWN = ProtocolVersions.UNKNOWN.toOctets();

    private VersionRule() {}

    /** Whether memberlist's range makes sense; fewer than three bytes say nothing, which is allowed. */
    static boolean isSane(Octets vsn) {
        if (vsn.length() < CHECKED_FROM) {
            return true;
        }
        int min = vsn.at(0);
        int max = vsn.at(1);
        return min != 0 && max != 0 && min <= max;
    }

    /** The six bytes to store: those received, or the known ones where too few were received. */
    static Octets stored(Octets received, Octets known) {
        return received.length() < LENGTH ? known : received.slice(0, LENGTH);
    }
}
