package io.sotto.rpc.tls;

import com.typesafe.config.Config;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an operator says about TLS, with paths: flags, and where the files are. Immutable.
 *
 * @param flags everything but the files; whatever files it holds are replaced by those at the paths
 * @param caFile bundle of trusted authorities; wins over {@code caPath}
 * @param caPath directory whose files, those below it too, are all bundles of trusted authorities
 * @param certFile own certificate, with its intermediates
 * @param keyFile its private key
 * @param keyPassphraseFile a file whose first line opens the key
 * @param crlFiles revocation lists
 */
public record TlsFiles(
        TlsSettings flags,
        Optional<Path> caFile,
        Optional<Path> caPath,
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Optional<Path> keyPassphraseFile,
        List<Path> crlFiles) {

    public TlsFiles {
        crlFiles = List.copyOf(crlFiles);
    }

    /** Flags without any file. */
    public static TlsFiles none(TlsSettings flags) {
        return new TlsFiles(
                flags,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /**
     * From the keys of {@code sotto.tls}, as {@code reference.conf} describes them. Throws as the library does that reads
     * configurations if a key is missing or of the wrong type. Files in a real agent's form come here translated: what such an
     * agent leaves unchecked by default is then said to be off.
     *
     * @param tls what stands below {@code sotto.tls}
     * @param datacenter the agent's
     */
    public static TlsFiles of(Config tls, String datacenter) {
        TlsSettings.Builder flags = TlsSettings.builder(Dialect.SOTTO)
                .minVersion(tls.getString("min-version"))
                .cipherSuites(String.join(",", tls.getStringList("cipher-suites")))
                .domain(tls.getString("domain"))
                .datacenter(datacenter);
        flag(tls, "verify-incoming", flags::verifyIncoming);
        flag(tls, "verify-incoming-rpc", flags::verifyIncomingRpc);
        flag(tls, "verify-incoming-https", flags::verifyIncomingHttps);
        flag(tls, "verify-outgoing", flags::verifyOutgoing);
        flag(tls, "verify-server-hostname", flags::verifyServerHostname);
        return new TlsFiles(
                flags.build(),
                path(tls, "ca-file"),
                path(tls, "ca-path"),
                path(tls, "cert-file"),
                path(tls, "key-file"),
                path(tls, "key-passphrase-file"),
                tls.getStringList("crl-files").stream().map(Path::of).toList());
    }

    /** Whether there is any file, or any flag that asks for one: if not, TLS is off. */
    public boolean isOn() {
        return caFile.isPresent()
                || caPath.isPresent()
                || certFile.isPresent()
                || keyFile.isPresent()
                || flags.verifyIncoming().orElse(false)
                || flags.verifyIncomingRpc().orElse(false)
                || flags.verifyIncomingHttps().orElse(false)
                || flags.verifyOutgoing().orElse(false)
                || flags.verifyServerHostname().orElse(false);
    }

    /** {@code null} is what is not said. */
    private static void flag(Config tls, String key, Consumer<Boolean> set) {
        if (tls.hasPath(key)) {
            set.accept(tls.getBoolean(key));
        }
    }

    private static Optional<Path> path(Config tls, String key) {
        return Optional.of(tls.getString(key)).filter(text -> !text.isEmpty()).map(Path::of);
    }
}
