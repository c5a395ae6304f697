package io.sotto.agent.cli;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.doctor.AgentSeen;
import io.sotto.agent.doctor.AppliedSeen;
import io.sotto.agent.doctor.CertificateSeen;
import io.sotto.agent.doctor.FileSeen;
import io.sotto.agent.doctor.FileSeen.Kind;
import io.sotto.agent.doctor.MachineSeen;
import io.sotto.agent.json.Json;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at the files of an agent of this machine: those that its configuration names, or those that it names itself. */
final class DoctorFiles {
    /** A key that stands in a file of settings, whatever its syntax. */
    private static final Pattern SECRET = Pattern.compile(
            "(?m)\\b(?:encrypt|acl[-_]token|agent|initial_management|default)\"?\\s*[:=]\\s*\"[A-Za-z0-9+/=-]{16,}\"");

    private static final int CONFIGURATION_MAX_BYTES = 1 << 20;

    private final CertificateFiles files;
    private final List<FileSeen> seen = new ArrayList<>();
    private final List<CertificateSeen> certificates = new ArrayList<>();
    private final List<AppliedSeen> applied = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private DoctorFiles(CertificateFiles files) {
        this.files = files;
    }

    /** @param configuration the files and directories that were given */
    static MachineSeen of(AgentSettings settings, List<String> configuration, CertificateFiles files) {
        DoctorFiles look = new DoctorFiles(files);
        settings.dataDir().ifPresent(look::dataDirectory);
        AgentSettings.Transport tls = settings.transport();
        tls.keyFile().ifPresent(key -> look.file(key, Kind.TLS_KEY));
        tls.caFile().ifPresent(ca -> look.certificates(ca.toString(), true));
        tls.certFile().ifPresent(certificate -> look.certificates(certificate.toString(), false));
        configuration.forEach(path -> look.configuration(Path.of(path)));
        return look.done();
    }

    /** @param debugConfig what an agent of this machine says of its settings; it hides where its key is */
    static MachineSeen of(Json debugConfig, CertificateFiles files) {
        DoctorFiles look = new DoctorFiles(files);
        String dataDirectory = debugConfig.get("DataDir").asText();
        if (!dataDirectory.isEmpty()) {
            look.dataDirectory(Path.of(dataDirectory));
        }
        String authority = debugConfig.get("CAFile").asText();
        if (!authority.isEmpty()) {
            look.certificates(authority, true);
        }
        String certificate = debugConfig.get("CertFile").asText();
        if (!certificate.isEmpty()) {
            look.certificates(certificate, false);
        }
        return look.done();
    }

    /** An agent's settings by its configuration. */
    static AgentSeen agent(LoadResult.Loaded loaded) {
        AgentSettings settings = loaded.settings();
        AgentSettings.Transport tls = settings.transport();
        boolean isControlled = loaded.config().hasPath("sotto.acl.enabled")
                && loaded.config().getBoolean("sotto.acl.enabled")
                && !loaded.config().getString("sotto.acl.default-policy").equals("allow");
        boolean hasRing = settings.dataDir()
                .filter(dir -> Files.exists(ring(dir)) && !settings.disableKeyringFile())
                .isPresent();
        return new AgentSeen(
                settings.nodeName(),
                settings.datacenter(),
                tls.domain(),
                settings.server(),
                settings.ports().http() < 0
                        ? List.of()
                        : settings.web().httpAddrs().isEmpty()
                                ? settings.clientAddrs()
                                : settings.web().httpAddrs(),
                settings.ports().http(),
                isControlled,
                hasRing || settings.encrypt().isPresent(),
                settings.encryptVerifyIncoming(),
                settings.encryptVerifyOutgoing(),
                tls.certFile().isPresent()
                        || tls.caFile().isPresent()
                        || tls.caPath().isPresent(),
                tls.verifyIncoming(),
                tls.verifyOutgoing() || tls.verifyServerHostname(),
                tls.verifyServerHostname());
    }

    private MachineSeen done() {
        return new MachineSeen(seen, certificates, applied, unreadable);
    }

    private static Path ring(Path dataDirectory) {
        return dataDirectory.resolve("serf").resolve("local.keyring");
    }

    private void dataDirectory(Path directory) {
        file(directory, Kind.DATA_DIRECTORY);
        file(ring(directory), Kind.KEYRING);
        applied(directory.resolve("upshift").resolve("applied.conf"));
    }

    private void applied(Path path) {
        try (var in = Files.newInputStream(path)) {
            List<String> lines = new String(in.readNBytes(CONFIGURATION_MAX_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            file(path, Kind.APPLIED);
            if (!lines.isEmpty()) {
                applied.add(new AppliedSeen(path.toString(), lines));
            }
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException e) {
            unreadable.add(path + ": cannot be read: " + e.getMessage());
        }
    }

    /** What is not there harms nobody, and a file system without modes has none to tell. */
    private void file(Path path, Kind kind) {
        try {
            seen.add(new FileSeen(path.toString(), kind, Files.getPosixFilePermissions(path)));
        } catch (NoSuchFileException | UnsupportedOperationException nothingToTell) {
            return;
        } catch (IOException e) {
            unreadable.add(path + ": who may read it cannot be told: " + e.getMessage());
        }
    }

    private void certificates(String path, boolean authority) {
        try {
            PemContents contents = PemContents.of(files.read(path));
            if (contents.holdsKey()) {
                file(Path.of(path), authority ? Kind.AUTHORITY_KEY : Kind.TLS_KEY);
            }
            List<X509Certificate> found = contents.certificates();
            // Of an agent's own chain only the first is its own.
            found.stream()
                    .limit(authority ? found.size() : 1)
                    .forEach(certificate ->
                            certificates.add(new CertificateSeen(path, authority, CertificateFacts.of(certificate))));
        } catch (CertificateFiles.Fault e) {
            unreadable.add(e.text());
        } catch (PemException e) {
            unreadable.add(path + ": " + e.getMessage());
        }
    }

    private void configuration(Path path) {
        if (Files.isDirectory(path)) {
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(Files::isRegularFile).sorted().forEach(this::configuration);
            } catch (IOException e) {
                unreadable.add(path + ": cannot be listed: " + e.getMessage());
            }
        } else if (holdsSecret(path)) {
            file(path, Kind.CONFIGURATION);
        }
    }

    private boolean holdsSecret(Path path) {
        try (var in = Files.newInputStream(path)) {
            String text = new String(in.readNBytes(CONFIGURATION_MAX_BYTES), StandardCharsets.ISO_8859_1);
            return SECRET.matcher(text).find();
        } catch (IOException e) {
            unreadable.add(path + ": cannot be read: " + e.getMessage());
            return false;
        }
    }
}
