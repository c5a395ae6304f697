package io.sotto.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version that this build was made with. Source: the build writes it into a resource. */
public final class Version {
    private Version() {}

    /** Such as {@code 0.1.0}, or {@code 0.1.0-SNAPSHOT} before a release. */
    public static String current() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("the build left out version.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
