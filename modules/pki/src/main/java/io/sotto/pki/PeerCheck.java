package io.sotto.pki;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** What one engine asks of its peer's chain. Being an extended one, the platform adds no checks of its own. */
final class PeerCheck extends X509ExtendedTrustManager {
    private final ChainCheck chains;
    private final Optional<String> expectedName;
    private final InstantSource time;
    private final TlsSnapshot.Client client;

    PeerCheck(ChainCheck chains, Optional<String> expectedName, InstantSource time, TlsSnapshot.Client client) {
        this.client = client;
        this.chains = chains;
        this.expectedName = expectedName;
        this.time = time;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, Usage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, Usage.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, Usage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, Usage.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, Usage.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, Usage.SERVER);
    }

    /** None: the server names no authorities, so that every client shows what it has and gets the true reason. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private void check(X509Certificate[] chain, Usage side) throws CertificateException {
        if (side == Usage.CLIENT && client == TlsSnapshot.Client.ASKED) {
            return;
        }
        Optional<PeerRefused> refused = chains.refusal(List.of(chain), Optional.of(side), expectedName, time.instant());
        if (refused.isPresent()) {
            throw new PeerRefusedException(refused.get());
        }
    }
}
