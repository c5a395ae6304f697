package io.sotto.testkit.junit;

import com.typesafe.config.Config;
import io.sotto.testkit.fixture.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The certificates of members by their names, made once for all simulations of a run of tests, in a folder that goes with it. For
 * any thread.
 */
final class MemberCertificates implements AutoCloseable {
    private static final ExtensionContext.Namespace PLACE = ExtensionContext.Namespace.create(MemberCertificates.class);

    private final TestCertificates certificates = TestCertificates.of(1);
    private final Map<String, Config> byName = new HashMap<>();
    private final Path folder;

    private MemberCertificates() {
        try {
            folder = Files.createTempDirectory("sotto-certificates");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MemberCertificates of(ExtensionContext context) {
        return context.getRoot()
                .getStore(PLACE)
                .getOrComputeIfAbsent(
                        MemberCertificates.class, place -> new MemberCertificates(), MemberCertificates.class);
    }

    /** What the {@code sotto} section of this member says about TLS. */
    synchronized Config tls(String name) {
        return byName.computeIfAbsent(
                name, unknown -> certificates.write(folder, unknown, certificates.member(unknown)));
    }

    @Override
    public void close() throws IOException {
        File[] files = folder.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            Files.delete(file.toPath());
        }
        Files.delete(folder);
    }
}
