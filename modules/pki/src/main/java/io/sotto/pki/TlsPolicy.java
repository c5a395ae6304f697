package io.sotto.pki;

import io.sotto.pki.TlsSettings.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the settings of TLS mean: what an inbound and an outbound connection must prove. Pure; decides contradictions and
 * defaults, reads no certificate.
 *
 * <p>Defaults differ by dialect. In sotto's own settings a dialled server's name is checked whenever it is dialled by TLS,
 * unless {@code verify-server-hostname} is off; in a real agent's files only if {@code verify_server_hostname} is on, and a
 * warning says what that leaves open. In both, {@code verify_server_hostname} set implies {@code verify_outgoing}.
 *
 * <p>Source: TLS specification, section 1; security rules, "TLS".
 *
 * @param verifyIncomingRpc RPC refuses plaintext and clients without a certificate
 * @param verifyIncomingHttps HTTPS refuses clients without a certificate
 * @param verifyOutgoing outgoing RPC is TLS
 * @param checksServerNames a dialled server must hold the name of one
 * @param holdsCertificate own certificate and key are given
 * @param holdsAuthorities trusted authorities are given
 * @param minVersion lowest version
 * @param cipherSuites in order of preference, by the platform's names
 * @param domain lower case, without a trailing dot
 * @param datacenter lower case
 * @param warnings what an operator should know, a line each
 */
public record TlsPolicy(
        boolean verifyIncomingRpc,
        boolean verifyIncomingHttps,
        boolean verifyOutgoing,
        boolean checksServerNames,
        boolean holdsCertificate,
        boolean holdsAuthorities,
        TlsVersion minVersion,
        List<String> cipherSuites,
        String domain,
        String datacenter,
        List<String> warnings) {

    private static final String SERVER = "server.";
    private static final String NODE = ".node.";

    public TlsPolicy {
        cipherSuites = List.copyOf(cipherSuites);
        warnings = List.copyOf(warnings);
    }

    /** Decides; throws with every contradiction at once. */
    public static TlsPolicy of(TlsSettings settings) throws InvalidTlsException {
        List<String> faults = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        boolean sotto = settings.dialect() == Dialect.SOTTO;
        boolean incoming = settings.verifyIncoming().orElse(false);
        boolean incomingRpc = incoming || settings.verifyIncomingRpc().orElse(false);
        boolean incomingHttps = incoming || settings.verifyIncomingHttps().orElse(false);
        boolean names = settings.verifyServerHostname().orElse(false);
        boolean outgoing = settings.verifyOutgoing().orElse(false) || names;
        boolean certificate =
                settings.certificate().isPresent() && settings.key().isPresent();
        boolean authorities = !settings.authorities().isEmpty();

        if (sotto && names && !settings.verifyOutgoing().orElse(true)) {
            faults.add("verify-server-hostname is on and verify-outgoing is off: the first implies the second");
        }
        if (settings.certificate().isPresent() != settings.key().isPresent()) {
            String missing = settings.key().isPresent() ? "a key without a certificate" : "a certificate without a key";
            if (sotto) {
                faults.add(missing + " is given: cert-file and key-file go together");
            } else {
                warnings.add(missing + " is given: there is no certificate then; set cert_file and key_file");
            }
        }
        if (outgoing && !authorities) {
            faults.add("VerifyOutgoing set, and no CA certificate provided!");
        }
        if ((incomingRpc || incomingHttps) && !authorities) {
            faults.add("VerifyIncoming set but no CA certificates were provided");
        }
        if ((incomingRpc || incomingHttps) && !certificate) {
            faults.add("VerifyIncoming requires either a Cert and Key pair in the configuration file,"
                    + " or auto_encrypt/auto_config be enabled");
        }
        TlsVersion version = TlsVersion.read(settings.minVersion()).orElse(TlsVersion.TLS_1_3);
        if (TlsVersion.read(settings.minVersion()).isEmpty()) {
            faults.add("TLSMinVersion: value " + Printable.of(settings.minVersion())
                    + " not supported, please specify one of [tls10, tls11, tls12, tls13]");
        } else if (TlsVersion.asksForLess(settings.minVersion())) {
            warnings.add("tls_min_version " + settings.minVersion() + " is read as tls12: nothing below is spoken");
        }
        List<String> suites = CipherSuites.read(settings.cipherSuites(), faults, warnings);
        String domain = name("domain", stripped(settings.domain()), faults);
        String datacenter = name("datacenter", settings.datacenter(), faults);
        if (incomingRpc && !outgoing) {
            warnings.add(
                    "verify_incoming without verify_outgoing: this agent cannot call servers that verify, itself included");
        }
        boolean checks = sotto ? settings.verifyServerHostname().orElse(true) : names;
        if (outgoing && !checks) {
            warnings.add("verify_server_hostname is off: any certificate of the authority can act as a server");
        }
        if (!faults.isEmpty()) {
            throw new InvalidTlsException(faults);
        }
        return new TlsPolicy(
                incomingRpc,
                incomingHttps,
                outgoing,
                checks,
                certificate,
                authorities,
                version,
                suites,
                domain,
                datacenter,
                warnings);
    }

    /** The name that proves a server of this agent's datacenter. */
    public String serverName() {
        return serverName(datacenter);
    }

    /** The name that proves a server of another datacenter. */
    public String serverName(String otherDatacenter) {
        return SERVER + otherDatacenter.toLowerCase(Locale.ROOT) + "." + domain;
    }

    /** The datacenters whose {@link #serverName(String)} is among these; no wildcard counts. */
    Set<String> datacentersOf(List<String> dnsNames) {
        String end = "." + domain;
        return dnsNames.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(SERVER) && name.endsWith(end))
                .filter(name -> name.length() > SERVER.length() + end.length())
                .map(name -> name.substring(SERVER.length(), name.length() - end.length()))
                .filter(name -> name.indexOf('.') < 0 && name.indexOf('*') < 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The DNS name that binds a certificate to one node of this agent's datacenter. */
    public String nameOfNode(String node) {
        return nodeName(node, datacenter) + "." + domain;
    }

    /** The nodes that these name by {@link #nameOfNode}, in any datacenter, without the domain and in lower case. */
    Set<String> nodesOf(List<String> dnsNames) {
        String end = "." + domain;
        return dnsNames.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.endsWith(end))
                .map(name -> name.substring(0, name.length() - end.length()))
                .filter(name -> name.lastIndexOf(NODE) > 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    static String nodeName(String node, String datacenter) {
        return node + NODE + datacenter;
    }

    /** Whether any outgoing connection may be TLS. */
    public boolean mayDialTls() {
        return holdsAuthorities && (verifyOutgoing || holdsCertificate);
    }

    /** Whether TLS is served. */
    public boolean servesTls() {
        return holdsCertificate;
    }

    /**
     * How to begin an outgoing connection.
     *
     * @param peerOffersTls whether the peer said in its tags that it serves TLS; a peer that does is dialled by TLS even before
     *     {@code verify_outgoing} says so, and never the other way round
     */
    public Dial howToDial(boolean peerOffersTls) {
        return verifyOutgoing || (peerOffersTls && mayDialTls()) ? Dial.TLS : Dial.PLAIN;
    }

    /** What RPC connections to this agent must prove. */
    public Inbound inbound() {
        return new Inbound(!verifyIncomingRpc, holdsCertificate, verifyIncomingRpc);
    }

    /** What HTTPS connections to this agent must prove; plaintext never passes there. */
    public Inbound inboundHttps() {
        return new Inbound(false, holdsCertificate, verifyIncomingHttps);
    }

    private static String stripped(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static String name(String what, String value, List<String> faults) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.matches("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*") || lower.length() > 190) {
            faults.add("the " + what + " cannot be part of a DNS name: " + Printable.of(value));
        }
        return lower;
    }
}
