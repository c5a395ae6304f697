package io.sotto.interop;

import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an agent has set about TLS, for a real agent and for ours.
 *
 * @param trusts whose certificates it believes
 * @param shows its own certificate
 * @param verifies which of Consul's {@code verify_} settings are on
 * @param texts further settings by their names in Consul's files: {@code domain}, {@code tls_min_version},
 *     {@code tls_cipher_suites}
 */
record TlsPosture(
        Optional<CertificateAuthority> trusts,
        Optional<IssuedCertificate> shows,
        Set<String> verifies,
        Map<String, String> texts) {
    static final TlsPosture NONE = new TlsPosture(Optional.empty(), Optional.empty(), Set.of(), Map.of());

    TlsPosture trusting(CertificateAuthority authority) {
        return new TlsPosture(Optional.of(authority), shows, verifies, texts);
    }

    TlsPosture showing(IssuedCertificate certificate) {
        return new TlsPosture(trusts, Optional.of(certificate), verifies, texts);
    }

    /** Words of the table: {@code in}, {@code out}, {@code server_hostname}, {@code incoming_rpc} and the like. */
    TlsPosture verifying(String... more) {
        Set<String> all = new TreeSet<>(verifies);
        all.addAll(List.of(more));
        return new TlsPosture(trusts, shows, all, texts);
    }

    TlsPosture with(String setting, String value) {
        Map<String, String> all = new TreeMap<>(texts);
        all.put(setting, value);
        return new TlsPosture(trusts, shows, verifies, all);
    }

    /** As Consul's files say it; certificates and keys are written to {@code directory}. */
    Map<String, Object> settings(Path directory) {
        Map<String, Object> settings = new LinkedHashMap<>();
        trusts.ifPresent(
                authority -> settings.put("ca_file", file(directory.resolve("ca.pem"), authority.certificatePem())));
        shows.ifPresent(issued -> {
            settings.put("cert_file", file(directory.resolve("cert.pem"), issued.certificatePem()));
            settings.put("key_file", file(directory.resolve("key.pem"), issued.keyPem()));
        });
        verifies.forEach(what -> settings.put("verify_" + what, true));
        settings.putAll(texts);
        return settings;
    }

    /** The same as ours reads it from such files. */
    TlsSnapshot snapshot() {
        TlsSettings.Builder builder = TlsSettings.builder(TlsSettings.Dialect.CONSUL);
        trusts.ifPresent(authority -> builder.authorities(List.of(authority.source())));
        shows.ifPresent(
                issued -> builder.certificate(issued.certificateSource()).key(issued.keySource()));
        verifies.forEach(what -> {
            switch (what) {
                case "incoming" -> builder.verifyIncoming(true);
                case "incoming_rpc" -> builder.verifyIncomingRpc(true);
                case "incoming_https" -> builder.verifyIncomingHttps(true);
                case "outgoing" -> builder.verifyOutgoing(true);
                case "server_hostname" -> builder.verifyServerHostname(true);
                default -> throw new IllegalArgumentException(what);
            }
        });
        texts.forEach((setting, value) -> {
            switch (setting) {
                case "domain" -> builder.domain(value);
                case "tls_min_version" -> builder.minVersion(value);
                case "tls_cipher_suites" -> builder.cipherSuites(value);
                default -> throw new IllegalArgumentException(setting);
            }
        });
        try {
            return TlsSnapshot.create(builder.build(), 1, InstantSource.system());
        } catch (InvalidTlsException e) {
            throw new AssertionError(this + " is refused", e);
        }
    }

    private static String file(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, bytes);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
