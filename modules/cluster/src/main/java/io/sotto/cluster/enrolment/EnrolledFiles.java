package io.sotto.cluster.enrolment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.sotto.gossip.files.DurableFile;
import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.files.PrivateFile;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.pki.enrolment.EnrolmentCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an enrolled node keeps under {@code <data-dir>/tls}: the files of its certificate, named after it, so that the next one takes
 * no file away under a running node; and {@code enrolled.conf}, which names those in use. Settings that name no certificate and no
 * authority of their own take these, at the start and at each reload, so that an enrolment outlives the process.
 *
 * @param authority that signed the certificate, in PEM
 * @param certificate of this node, in PEM
 * @param key its private key, mode 0600
 */
public record EnrolledFiles(Path authority, Path certificate, Path key) {
    private static final String NAMES = "enrolled.conf";
    private static final int NAME_DIGITS = 16;
    private static final List<String> FILES = List.of("ca-file", "cert-file", "key-file");
    private static final List<String> OWN = List.of("ca-file", "ca-path", "cert-file", "key-file");

    /** Writes all of them, each as a whole and the names last; blocks on the disk. */
    static EnrolledFiles write(Path directory, String node, EnrolmentCheck.Result.Good good) throws IOException {
        IssuedCertificate issued = good.issued();
        String name = node + "-"
                + CertificateFacts.of(issued.certificate()).fingerprint().substring(0, NAME_DIGITS);
        EnrolledFiles files = new EnrolledFiles(
                directory.resolve(name + "-ca.pem"),
                directory.resolve(name + ".pem"),
                directory.resolve(name + "-key.pem"));
        try {
            replace(files.key, issued.keyPem());
            replace(files.certificate, issued.certificatePem());
            replace(files.authority, good.authorityPem());
            replace(directory.resolve(NAMES), files.names());
        } catch (FileFault e) {
            throw new IOException(e.getMessage(), e);
        }
        return files;
    }

    private static void replace(Path path, byte[] content) throws FileFault {
        DurableFile file = DurableFile.of(path, DurableFile.Readers.OWNER);
        file.makeDirectory();
        file.replace(content);
    }

    private byte[] names() {
        return ConfigFactory.parseMap(settings())
                .root()
                .render(ConfigRenderOptions.concise().setFormatted(true).setJson(false))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What a configuration says that names them, by path under {@code sotto}. */
    public TreeMap<String, String> settings() {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("tls.ca-file", authority.toString());
        settings.put("tls.cert-file", certificate.toString());
        settings.put("tls.key-file", key.toString());
        return settings;
    }

    /**
     * These settings, or with the files of an enrolment where they name none of their own. Blocks on the disk; throws for an {@code
     * enrolled.conf} that others could have written, or that is none.
     *
     * @param section a whole {@code sotto} section
     */
    public static Config under(Config section) {
        boolean namesOwn = OWN.stream().anyMatch(key -> isSet(section, "tls." + key));
        if (namesOwn || !isSet(section, "data-dir")) {
            return section;
        }
        Path names = Path.of(section.getString("data-dir")).resolve("tls").resolve(NAMES);
        Optional<String> fault = PrivateFile.fault(names);
        if (fault.isPresent()) {
            throw new ConfigException.BadValue("tls", fault.get());
        }
        if (!names.toFile().exists()) {
            return section;
        }
        Config enrolled = ConfigFactory.parseFile(names.toFile());
        Config merged = section;
        for (String key : FILES) {
            if (!isSet(enrolled, "tls." + key)) {
                throw new ConfigException.BadValue("tls", names + " does not name tls." + key);
            }
            merged = merged.withValue("tls." + key, enrolled.getValue("tls." + key));
        }
        return merged;
    }

    private static boolean isSet(Config section, String path) {
        return section.hasPath(path) && !section.getString(path).isEmpty();
    }
}
