package io.sotto.pki;

import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Key, chain, trust, revocation lists and policy of one moment, as one immutable value: whoever opens a connection takes the
 * snapshot in force and uses nothing but it. For any thread; engines belong to whoever asked for them.
 *
 * <p>Every engine has a context of its own, so no session is ever resumed: a peer that is let in was checked by this snapshot,
 * at that moment. After a failed handshake {@link PeerRefused#from} says why.
 *
 * <p>A dialled peer's chain is always checked. Its name is checked where a server is expected and the policy checks names; only
 * then is SNI sent. Source: TLS specification, sections 1 to 3.
 */
public final class TlsSnapshot {
    private static final TlsSnapshot NONE = new TlsSnapshot(
            0,
            off(),
            null,
            new ChainCheck(List.of(), new Revocations(List.of())),
            List.of(),
            List.of(),
            InstantSource.fixed(Instant.EPOCH));

    /** What becomes of a client's certificate in the handshake. */
    enum Client {
        /** One that does not prove what it has to ends it. */
        CHECKED,
        /** Whatever it is: it is judged afterwards. */
        ASKED
    }

    private final long generation;
    private final TlsPolicy policy;
    private final @Nullable OwnKey own;
    private final ChainCheck chains;
    private final List<X509Certificate> authorities;
    private final List<X509CRL> revocations;
    private final InstantSource time;

    private TlsSnapshot(
            long generation,
            TlsPolicy policy,
            @Nullable OwnKey own,
            ChainCheck chains,
            List<X509Certificate> authorities,
            List<X509CRL> revocations,
            InstantSource time) {
        this.generation = generation;
        this.policy = policy;
        this.own = own;
        this.chains = chains;
        this.authorities = authorities;
        this.revocations = revocations;
        this.time = time;
    }

    /** TLS is off: nothing is served, nothing is dialled, plaintext is let in. */
    public static TlsSnapshot none() {
        return NONE;
    }

    /**
     * Reads and checks all of it; throws with every fault at once.
     *
     * @param generation larger than that of the snapshot before
     * @param time what validity is checked by
     */
    public static TlsSnapshot create(TlsSettings settings, long generation, InstantSource time)
            throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(settings);
        List<String> faults = new ArrayList<>();
        List<X509Certificate> authorities = new ArrayList<>();
        for (PemSource source : settings.authorities()) {
            try {
                authorities.addAll(PemContents.of(source).certificates());
            } catch (PemException unusable) {
                faults.add(text(unusable));
            }
        }
        List<X509CRL> lists = new ArrayList<>();
        for (PemSource source : settings.revocations()) {
            try {
                lists.addAll(PemContents.of(source).revocations());
            } catch (PemException unusable) {
                faults.add(text(unusable));
            }
        }
        for (X509CRL list : lists) {
            List<X509Certificate> issuers = authorities.stream()
                    .filter(authority -> authority.getSubjectX500Principal().equals(list.getIssuerX500Principal()))
                    .toList();
            if (!issuers.isEmpty() && issuers.stream().noneMatch(issuer -> Revocations.signed(list, issuer))) {
                faults.add(
                        "the revocation list of " + Printable.of(CertificateFacts.name(list.getIssuerX500Principal()))
                                + " is not signed by that authority");
            }
        }
        OwnKey own = null;
        if (settings.certificate().isPresent() && settings.key().isPresent()) {
            try {
                own = own(settings, settings.certificate().get(), settings.key().get());
            } catch (PemException | GeneralSecurityException unusable) {
                faults.add("Failed to load cert/key pair: " + text(unusable));
            }
        }
        if (!faults.isEmpty()) {
            throw new InvalidTlsException(faults);
        }
        return new TlsSnapshot(
                generation,
                policy,
                own,
                new ChainCheck(authorities, new Revocations(lists)),
                List.copyOf(authorities),
                List.copyOf(lists),
                time);
    }

    public long generation() {
        return generation;
    }

    public TlsPolicy policy() {
        return policy;
    }

    /** Whether any outgoing connection may be TLS. */
    public boolean mayDialTls() {
        return policy.mayDialTls();
    }

    /** Whether TLS is served: where not, a TLS client is answered with {@link #unrecognizedName}. */
    public boolean servesTls() {
        return policy.servesTls();
    }

    /** See {@link TlsPolicy#howToDial}. */
    public Dial howToDial(boolean peerOffersTls) {
        return policy.howToDial(peerOffersTls);
    }

    /** What RPC connections to this agent must prove. */
    public Inbound inbound() {
        return policy.inbound();
    }

    /** An engine to dial a peer of this agent's datacenter with. */
    public SSLEngine dial(PeerRole expected) {
        return dial(expected, policy.datacenter());
    }

    /**
     * An engine to dial with; throws {@link IllegalStateException} if {@link #mayDialTls} is false.
     *
     * @param expected what the peer must be; {@code SERVER} is checked by name if the policy checks names
     * @param datacenter the peer's
     */
    public SSLEngine dial(PeerRole expected, String datacenter) {
        if (!mayDialTls()) {
            throw new IllegalStateException("TLS is off for outgoing connections");
        }
        Optional<String> name = expected == PeerRole.SERVER && policy.checksServerNames()
                ? Optional.of(policy.serverName(datacenter))
                : Optional.empty();
        SSLEngine engine = context(name, Client.CHECKED).createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setServerNames(name.<List<SNIServerName>>map(dns -> List.of(new DialledName(dns)))
                .orElse(List.of()));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * An engine for an RPC connection that came in; throws {@link IllegalStateException} if {@link #servesTls} is false.
     *
     * @param alpn protocols that may be agreed on, best first; a client that offers none of them gets none
     */
    public SSLEngine accept(List<String> alpn) {
        return accept(alpn, policy.inbound());
    }

    /**
     * The same, but where no client has to show a certificate it is asked for one, if there are authorities to judge it by: it
     * proves what it can, and one that proves nothing is taken as none. What came of it is {@link #identifyCaller}.
     */
    public SSLEngine acceptAsking(List<String> alpn) {
        Inbound inbound = policy.inbound();
        if (inbound.clientCertificate() || authorities.isEmpty()) {
            return accept(alpn, inbound);
        }
        SSLEngine engine = accept(alpn, inbound, Client.ASKED);
        engine.setWantClientAuth(true);
        return engine;
    }

    /** The same for clients that have to show one, whatever the policy says. */
    public SSLEngine acceptProven(List<String> alpn) {
        SSLEngine engine = accept(alpn, policy.inbound());
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** The same for HTTPS, whose clients are verified by a flag of their own. */
    public SSLEngine acceptHttps(List<String> alpn) {
        return accept(alpn, policy.inboundHttps());
    }

    /** What this snapshot makes of a finished session's peer, in this agent's datacenter. */
    public PeerIdentity identify(SSLSession session) {
        return identify(session, policy.datacenter());
    }

    /** The same for a peer of another datacenter. */
    public PeerIdentity identify(SSLSession session, String datacenter) {
        return identify(session, datacenter, Optional.empty());
    }

    /** The same for one who called, whose certificate has to be good for that. */
    public PeerIdentity identifyCaller(SSLSession session) {
        return identify(session, policy.datacenter(), Optional.of(Usage.CLIENT));
    }

    private PeerIdentity identify(SSLSession session, String datacenter, Optional<Usage> side) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException none) {
            return PeerIdentity.unproven();
        }
        if (chain.isEmpty()) {
            return PeerIdentity.unproven();
        }
        Optional<CertificateFacts> leaf = Optional.of(CertificateFacts.of(chain.get(0)));
        Optional<PeerRefused> chainFault = chains.refusal(chain, side, Optional.empty(), time.instant());
        if (chainFault.isPresent()) {
            return new PeerIdentity(PeerRole.UNPROVEN, leaf, chainFault, Set.of());
        }
        Optional<PeerRefused> nameFault = NameCheck.refusal(chain.get(0), policy.serverName(datacenter));
        return new PeerIdentity(
                nameFault.isPresent() ? PeerRole.MEMBER : PeerRole.SERVER,
                leaf,
                nameFault,
                policy.datacentersOf(CertificateFacts.dnsNames(chain.get(0))),
                policy.nodesOf(CertificateFacts.dnsNames(chain.get(0))));
    }

    /**
     * What this snapshot thinks of a chain; for tools that look at certificates without a connection.
     *
     * @param presented leaf first
     * @param side where the peer stands
     * @param expected {@code SERVER}: with the name of one, whatever the policy says
     */
    public Optional<PeerRefused> check(List<X509Certificate> presented, Usage side, PeerRole expected) {
        Optional<String> name = expected == PeerRole.SERVER ? Optional.of(policy.serverName()) : Optional.empty();
        return chains.refusal(presented, Optional.of(side), name, time.instant());
    }

    /**
     * What peers with the same authorities would say of the own certificate: nothing if all is well, if there is none, or if no
     * authority is known.
     */
    public List<PeerRefused> selfCheck() {
        if (own == null || authorities.isEmpty()) {
            return List.of();
        }
        List<PeerRefused> refused = new ArrayList<>();
        for (Usage side : Usage.values()) {
            chains.refusal(own.chain(), Optional.of(side), Optional.empty(), time.instant())
                    .filter(fault -> refused.stream().noneMatch(known -> known.reason() == fault.reason()))
                    .ifPresent(refused::add);
        }
        return List.copyOf(refused);
    }

    /** The own leaf. */
    public Optional<CertificateFacts> own() {
        return own == null
                ? Optional.empty()
                : Optional.of(CertificateFacts.of(own.chain().get(0)));
    }

    public List<CertificateFacts> authorities() {
        return authorities.stream().map(CertificateFacts::of).toList();
    }

    /** What an operator should know now: contradictions that stand, what is wrong with the own certificate, lists past their day. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(policy.warnings());
        selfCheck().forEach(fault -> warnings.add("peers will refuse this agent's certificate: " + fault.explain()));
        for (X509CRL list : revocations) {
            if (list.getNextUpdate() != null
                    && time.instant().isAfter(list.getNextUpdate().toInstant())) {
                warnings.add("the revocation list of "
                        + Printable.of(CertificateFacts.name(list.getIssuerX500Principal()))
                        + " should have been renewed by "
                        + list.getNextUpdate().toInstant());
            }
        }
        return List.copyOf(warnings);
    }

    /** The TLS record that real servers without a certificate answer a TLS client with: the alert unrecognized_name. */
    public static byte[] unrecognizedName() {
        return new byte[] {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x70};
    }

    @Override
    public String toString() {
        return "TlsSnapshot[generation " + generation + (own == null ? ", no certificate" : ", own certificate") + ", "
                + authorities.size() + " authorities]";
    }

    private SSLEngine accept(List<String> alpn, Inbound inbound) {
        return accept(alpn, inbound, Client.CHECKED);
    }

    private SSLEngine accept(List<String> alpn, Inbound inbound, Client client) {
        if (!servesTls()) {
            throw new IllegalStateException("TLS is not served: there is no certificate");
        }
        SSLEngine engine = context(Optional.empty(), client).createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNeedClientAuth(inbound.clientCertificate());
        engine.setSSLParameters(parameters);
        List<String> offered = List.copyOf(alpn);
        engine.setHandshakeApplicationProtocolSelector((unused, asked) ->
                offered.stream().filter(asked::contains).findFirst().orElse(""));
        return engine;
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(policy.minVersion().protocols());
        parameters.setCipherSuites(policy.cipherSuites().toArray(String[]::new));
        return parameters;
    }

    private SSLContext context(Optional<String> expectedName, Client client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = own == null ? new KeyManager[0] : new KeyManager[] {own};
            context.init(keys, new TrustManager[] {new PeerCheck(chains, expectedName, time, client)}, null);
            return context;
        } catch (NoSuchAlgorithmException | KeyManagementException broken) {
            throw new IllegalStateException("this Java has no TLS", broken);
        }
    }

    private static OwnKey own(TlsSettings settings, PemSource certificate, PemSource key)
            throws PemException, GeneralSecurityException {
        List<X509Certificate> chain = PemContents.of(certificate).certificates();
        var privateKey = PemContents.of(key, settings.passphrase()).privateKey();
        if (!KeyPairs.match(privateKey, chain.get(0).getPublicKey())) {
            throw new PemException(
                    "tls: private key does not match public key (" + certificate.name() + ", " + key.name() + ")");
        }
        return new OwnKey(privateKey, chain);
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    private static TlsPolicy off() {
        return new TlsPolicy(
                false, false, false, false, false, false, TlsVersion.TLS_1_2, List.of(), "consul", "dc1", List.of());
    }
}
