package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Hosts;
import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;

/**
 * The line that an operator reads about a rejection: what was refused, from which peer, with which keys of ours, the
 * likely cause, and what to do next. Never key material, and no byte of the peer's that could act on a terminal.
 */
final class RejectionText {
    private static final int DETAIL_MAX_CHARS = 160;

    private RejectionText() {}

    static String line(String what, Rejection rejection, WirePolicy policy, long unwritten) {
        StringBuilder line = new StringBuilder(240);
        line.append("Refused a ").append(what);
        line.append(" from ").append(Hosts.format(rejection.source()));
        line.append(" (")
                .append(rejection.size())
                .append(" bytes, ")
                .append(rejection.reason().label())
                .append("): ");
        line.append(printable(rejection.detail())).append(". ");
        if (aboutKeys(rejection.reason())) {
            line.append("Our keys: ").append(policy.describeKeys()).append(". ");
        }
        line.append(advice(rejection.reason()));
        if (unwritten > 0) {
            line.append(" (").append(unwritten).append(" more for this reason since the last line)");
        }
        return line.toString();
    }

    private static boolean aboutKeys(Reason reason) {
        return reason == Reason.UNDECRYPTABLE || reason == Reason.PLAINTEXT || reason == Reason.NO_KEY;
    }

    private static String advice(Reason reason) {
        return switch (reason) {
            case SIZE -> "Likely not a gossip member; see what runs at that address.";
            case NOT_ALLOWED ->
                "The address is outside the allowed networks; add its network if it belongs to the pool.";
            case RATE -> "It sends more than one member may; see what runs at that address.";
            case THIRD_PARTY ->
                "It may not know yet whom we know; if it goes on, someone tries to have us send to others.";
            case UNPROVEN ->
                "It has just started, or does not answer our pings; see whether datagrams reach it from here.";
            case CLAIM ->
                "It belongs to another datacenter or takes another node's identity; keep the two pools apart.";
            case LABEL -> "Likely a member of another pool, or its label is not set; compare the label on both sides.";
            case PLAINTEXT ->
                "Likely its encryption is not set up; give it the pool's key, or during a migration turn"
                        + " encrypt_verify_incoming off here.";
            case UNDECRYPTABLE ->
                "Likely it uses another key, or the bytes were altered on the way; compare its key with"
                        + " ours and install the missing one.";
            case REPLAY ->
                "Likely doubled on the way, which is harmless; if it goes on, somebody sends again what he recorded.";
            case VERSION ->
                "No Serf or Consul agent writes version 0; if a member of another kind does, set accept-version-0.";
            case NO_KEY -> "Likely the pool is encrypted; give this node the pool's key.";
            case CHECKSUM -> "Likely altered on the way; if it goes on, look at the network between the two nodes.";
            case COMPRESSION, COMPOUND, MALFORMED, TYPE ->
                "Likely not a gossip member, or one of a version that is not"
                        + " known here; see what runs at that address.";
            case NESTING, EXPANSION, BOUNDS -> "No real member sends this: treat the sender as hostile or broken.";
            case TRUNCATED -> "It closed before its message was complete; if it goes on, look at its log.";
            case TIMEOUT -> "It was too slow to send its message; look at its load and at the network between.";
            case OVERLOAD -> "More arrived than is taken at once; if this is wanted traffic, raise the limit.";
        };
    }

    private static String printable(String detail) {
        String cut = detail.length() <= DETAIL_MAX_CHARS ? detail : detail.substring(0, DETAIL_MAX_CHARS) + "...";
        StringBuilder clean = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            clean.append(c >= 0x20 && c < 0x7f ? c : '?');
        }
        return clean.toString();
    }
}
