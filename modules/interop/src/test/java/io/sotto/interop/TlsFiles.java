package io.sotto.interop;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Certificates on disk, as an operator lays them out, and the settings that name them. */
final class TlsFiles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private int count;

    TlsFiles(Path directory) {
        this.directory = directory;
    }

    static CertificateAuthority authority() {
        return CertificateAuthority.create(RANDOM, Instant.now());
    }

    static IssuedCertificate issue(CertificateAuthority authority, CertificateRequest request) {
        return authority.issue(request, RANDOM, Instant.now());
    }

    /** The settings of a member with these certificates, and nothing demanded of anybody. */
    Map<String, Object> settings(IssuedCertificate certificate, List<CertificateAuthority> trusted) {
        String prefix = "files-" + ++count;
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        trusted.forEach(authority -> bundle.writeBytes(authority.certificatePem()));
        Map<String, Object> settings = new HashMap<>();
        settings.put("ca-file", write(prefix + "-ca.pem", bundle.toByteArray()));
        settings.put("cert-file", write(prefix + ".pem", certificate.certificatePem()));
        settings.put("key-file", write(prefix + "-key.pem", certificate.keyPem()));
        return demanding(settings, false, false, false);
    }

    /** The same files with other demands. */
    static Map<String, Object> demanding(
            Map<String, Object> settings, boolean incoming, boolean outgoing, boolean serverHostname) {
        Map<String, Object> changed = new HashMap<>(settings);
        changed.put("verify-incoming", incoming);
        changed.put("verify-outgoing", outgoing);
        changed.put("verify-server-hostname", serverHostname);
        return Map.copyOf(changed);
    }

    private String write(String name, byte[] content) {
        try {
            Path file = directory.resolve(name);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.write(file, content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
