package io.sotto.agent.cli;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.Usage;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Whether an agent that is called by HTTPS is the one that was meant: its chain, and that its certificate is for the name or
 * the address by which it was called. Source: Go's crypto/x509, HostnameError, for the words.
 */
final class AgentTrust extends X509ExtendedTrustManager {
    /** Judges a chain. */
    @FunctionalInterface
    private interface Chains {
        void check(X509Certificate[] chain, String authType) throws CertificateException;
    }

    private final Chains chains;

    private AgentTrust(Chains chains) {
        this.chains = chains;
    }

    /** For whoever has switched it off. */
    static AgentTrust anybody() {
        return new AgentTrust((chain, authType) -> {});
    }

    /** By the authorities of a snapshot. */
    static AgentTrust by(TlsSnapshot authorities, String expected) {
        return new AgentTrust((chain, authType) -> {
            Optional<PeerRefused> refused = authorities.check(List.of(chain), Usage.SERVER, PeerRole.MEMBER);
            if (refused.isPresent()) {
                throw new CertificateException(refused.get().text());
            }
            checkName(chain[0], expected);
        });
    }

    /** By the authorities that this Java trusts. */
    static AgentTrust byPlatform(String expected) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager platform) {
                return new AgentTrust((chain, authType) -> {
                    try {
                        platform.checkServerTrusted(chain, authType);
                    } catch (CertificateException notTrusted) {
                        throw new CertificateException("x509: certificate signed by unknown authority", notTrusted);
                    }
                    checkName(chain[0], expected);
                });
            }
        }
        throw new GeneralSecurityException("this Java trusts no authorities");
    }

    private static void checkName(X509Certificate leaf, String expected) throws CertificateException {
        CertificateFacts facts = CertificateFacts.of(leaf);
        boolean isAddress = isAddress(expected);
        List<String> held = isAddress
                ? facts.ipAddresses().stream().map(AgentTrust::shortened).toList()
                : facts.dnsNames();
        String wanted = isAddress ? shortened(expected) : expected.toLowerCase(Locale.ROOT);
        if (held.stream().anyMatch(name -> isAddress ? name.equals(wanted) : matches(name, wanted))) {
            return;
        }
        if (held.isEmpty()) {
            throw new CertificateException(
                    isAddress
                            ? "x509: cannot validate certificate for " + expected
                                    + " because it doesn't contain any IP SANs"
                            : "x509: certificate is not valid for any names, but wanted to match " + expected);
        }
        throw new CertificateException(
                "x509: certificate is valid for " + String.join(", ", held) + ", not " + expected);
    }

    /** A star stands for one label, the first. */
    private static boolean matches(String held, String wanted) {
        String name = held.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return name.equals(wanted)
                || (dot > 0 && name.startsWith("*.") && name.substring(1).equals(wanted.substring(dot)));
    }

    static boolean isAddress(String text) {
        return text.indexOf(':') >= 0 || text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static String shortened(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException odd) {
            return address;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains.check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains.check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        chains.check(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no client is expected");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no client is expected");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is expected");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
