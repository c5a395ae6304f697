package io.sotto.agent.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A gossip key as verbs take it: itself, {@code -} for standard input, or {@code @FILE} for what is in a file. */
final class GivenKey {
    private static final int KEY_MAX_CHARS = 1_024;

    private GivenKey() {}

    /** The key in base64; whether it is one, the agent says. */
    static String read(String given, Console console) throws UsageException {
        try {
            if (given.equals("-")) {
                return new String(console.in().readNBytes(KEY_MAX_CHARS), StandardCharsets.ISO_8859_1).strip();
            }
            return given.startsWith("@")
                    ? Files.readString(Path.of(given.substring(1)), StandardCharsets.ISO_8859_1)
                            .strip()
                    : given;
        } catch (NoSuchFileException e) {
            throw new UsageException("open " + given.substring(1) + ": no such file or directory");
        } catch (IOException e) {
            throw new UsageException("the key cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
