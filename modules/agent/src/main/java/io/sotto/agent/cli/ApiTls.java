package io.sotto.agent.cli;

import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * How the verbs call an agent by HTTPS: whom they trust, what they show, and by which name they know it. Files are read when
 * a connection is made. Blocks.
 *
 * @param authorities bundles of trusted authorities; without any, those of this Java
 * @param certificate what is shown to an agent that asks; empty: nothing
 * @param key its key
 * @param name the name that the agent's certificate must hold; empty: that of its address
 * @param verify whether the agent must prove itself at all
 */
record ApiTls(
        List<PemSource> authorities,
        Optional<PemSource> certificate,
        Optional<PemSource> key,
        Optional<String> name,
        boolean verify) {
    private static final int FILES_MAX = 1_024;

    ApiTls {
        authorities = List.copyOf(authorities);
    }

    /** From flags and environment. */
    static ApiTls find(ParsedFlags flags, Map<String, String> environment) throws UsageException {
        Optional<String> bundle = Variables.find(flags, "ca-file", environment, "CACERT");
        Optional<String> directory = Variables.find(flags, "ca-path", environment, "CAPATH");
        Optional<String> certificate = Variables.find(flags, "client-cert", environment, "CLIENT_CERT");
        Optional<String> key = Variables.find(flags, "client-key", environment, "CLIENT_KEY");
        if (certificate.isPresent() != key.isPresent()) {
            throw new UsageException(
                    "a client certificate and its key go together: give both -client-cert and -client-key");
        }
        List<PemSource> authorities = new ArrayList<>();
        if (bundle.isPresent()) {
            authorities.add(read(bundle.get()));
        } else if (directory.isPresent()) {
            authorities.addAll(readAll(directory.get()));
        }
        return new ApiTls(
                authorities,
                certificate.isPresent() ? Optional.of(read(certificate.get())) : Optional.empty(),
                key.isPresent() ? Optional.of(read(key.get())) : Optional.empty(),
                Variables.find(flags, "tls-server-name", environment, "TLS_SERVER_NAME"),
                Variables.isOn(environment, "HTTP_SSL_VERIFY").orElse(true));
    }

    /** Shakes hands over a connection. */
    SSLSocket over(Socket socket, ApiAddress address) throws IOException {
        String expected = name.orElse(address.host());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(ownKey(), new TrustManager[] {trust(expected)}, null);
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, expected, address.port(), true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setServerNames(AgentTrust.isAddress(expected) ? List.of() : List.of(new SNIHostName(expected)));
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (GeneralSecurityException | PemException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private AgentTrust trust(String expected) throws IOException, GeneralSecurityException {
        if (!verify) {
            return AgentTrust.anybody();
        }
        if (authorities.isEmpty()) {
            return AgentTrust.byPlatform(expected);
        }
        try {
            TlsSettings settings =
                    TlsSettings.builder(Dialect.SOTTO).authorities(authorities).build();
            return AgentTrust.by(TlsSnapshot.create(settings, 1, ThisMachine.here()::now), expected);
        } catch (InvalidTlsException e) {
            throw new IOException(String.join("; ", e.faults()), e);
        }
    }

    private KeyManager[] ownKey() throws GeneralSecurityException, IOException, PemException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return new KeyManager[0];
        }
        char[] none = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, none);
        store.setKeyEntry(
                "client",
                PemContents.of(key.get()).privateKey(),
                none,
                PemContents.of(certificate.get()).certificates().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    private static PemSource read(String file) throws UsageException {
        try {
            return CertificateFiles.here().read(file);
        } catch (CertificateFiles.Fault e) {
            throw new UsageException("Error loading " + e.text());
        }
    }

    private static List<PemSource> readAll(String directory) throws UsageException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of(directory))) {
            files = all.filter(Files::isRegularFile).sorted().limit(FILES_MAX).toList();
        } catch (IOException e) {
            throw new UsageException("Error loading from CAPath: " + directory + " cannot be read");
        }
        List<PemSource> found = new ArrayList<>();
        for (Path file : files) {
            found.add(read(file.toString()));
        }
        if (found.isEmpty()) {
            throw new UsageException("Error loading from CAPath: no CAs found");
        }
        return found;
    }
}
