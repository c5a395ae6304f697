package io.sotto.pki.enrolment;

import io.sotto.pki.authority.CertificateRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names in certificates of enrolled nodes. Source: TLS specification, section 7, and ours for {@code NODE.node.DC.DOMAIN}. */
public final class NodeNames {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** So far the clocks of members may be apart: a certificate is valid from so long before its issue. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private NodeNames() {}

    /** Whether a node of this name can be enrolled: its name must be one label of a DNS name. */
    public static boolean isPossible(String node) {
        return LABEL.matcher(node.toLowerCase(Locale.ROOT)).matches();
    }

    /** The name that binds a certificate to one node. */
    public static String of(String node, String datacenter, String domain) {
        return (node + ".node." + datacenter + "." + domain).toLowerCase(Locale.ROOT);
    }

    /** What an enrolled node's certificate says: the names that the tool gives to its kind, after the one of the node. */
    public static CertificateRequest request(
            String node, EnrolRole role, String datacenter, String domain, Duration validity) {
        CertificateRequest request = switch (role) {
            case CLIENT -> CertificateRequest.client(datacenter, domain);
            case SERVER -> CertificateRequest.server(datacenter, domain);
        };
        return request.with(List.of(of(node, datacenter, domain)), List.of())
                .valid(SKEW.negated(), validity.plus(SKEW));
    }
}
