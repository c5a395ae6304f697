package io.sotto.example;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * What proves a gate to the others: the gossip key, an authority, and a certificate for each gate. Made when they are missing, so
 * that the example starts by one command. Who deploys makes them with {@code sotto keygen} and {@code sotto tls}, and keeps the
 * authority's key elsewhere; here nobody keeps it at all.
 */
final class Papers {
    private static final int KEY_BYTES = 32;

    private final Path folder;

    private Papers(Path folder) {
        this.folder = folder;
    }

    /** Those in a folder, which may be new. */
    static Papers in(Path folder, List<String> gates, Instant now) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Papers papers = new Papers(folder);
        boolean isComplete = Files.exists(folder.resolve("ca.pem"))
                && gates.stream().allMatch(gate -> Files.exists(folder.resolve(gate + "-key.pem")));
        if (!isComplete) {
            papers.make(gates, now);
        }
        return papers;
    }

    Path folder() {
        return folder;
    }

    private void make(List<String> gates, Instant now) throws IOException {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        writeSecret("gossip.key", Base64.getEncoder().encodeToString(key).getBytes(StandardCharsets.US_ASCII));

        CertificateAuthority authority = CertificateAuthority.create(random, now);
        Files.write(folder.resolve("ca.pem"), authority.certificatePem());
        for (String gate : gates) {
            CertificateRequest request =
                    CertificateRequest.client("dc1", "consul").with(List.of(gate), List.of());
            IssuedCertificate issued = authority.issue(request, random, now);
            Files.write(folder.resolve(gate + ".pem"), issued.certificatePem());
            writeSecret(gate + "-key.pem", issued.keyPem());
        }
    }

    /** Only its owner can read it, from its first byte on. */
    private void writeSecret(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content);
    }
}
