package io.sotto.wire;

import java.util.Optional;

/**
 * The six version numbers that a member advertises: memberlist's range and current version, then the delegate's (Serf's).
 *
 * <pre>
 *  0      1      2      3      4      5
 *  +------+------+------+------+------+------+
 *  | pmin | pmax | pcur | dmin | dmax | dcur |
 *  +------+------+------+------+------+------+
 * </pre>
 *
 * <p>Source: gossip specification, section 9. Shorter arrays are ignored, never guessed at.
 */
public record ProtocolVersions(int pmin, int pmax, int pcur, int dmin, int dmax, int dcur) {
    /** A node that said nothing of its versions. */
    public static final ProtocolVersions UNKNOWN = new ProtocolVersions(0, 0, 0, 0, 0, 0);

    /** What a Serf agent advertises by default. */
    public static final ProtocolVersions SERF = new ProtocolVersions(1, 5, 2, 2, 5, 5);

    /** What Consul and Nomad advertise. */
    public static final ProtocolVersions CONSUL = new ProtocolVersions(1, 5, 2, 2, 5, 4);

    /** Reads a {@code Vsn} field; empty unless it has at least six bytes. */
    public static Optional<ProtocolVersions> parse(Octets vsn) {
        return vsn.length() < 6
                ? Optional.empty()
                : Optional.of(new ProtocolVersions(vsn.at(0), vsn.at(1), vsn.at(2), vsn.at(3), vsn.at(4), vsn.at(5)));
    }

    public Octets toOctets() {
        return Octets.wrap(new byte[] {(byte) pmin, (byte) pmax, (byte) pcur, (byte) dmin, (byte) dmax, (byte) dcur});
    }
}
