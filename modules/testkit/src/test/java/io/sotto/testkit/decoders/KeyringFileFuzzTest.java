package io.sotto.testkit.decoders;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sotto.gossip.keys.KeyringFault;
import io.sotto.gossip.keys.KeyringFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Whatever is in a keyring file: it is a ring, or a fault that quotes nothing of it. */
class KeyringFileFuzzTest {
    private static final int QUOTE_MIN_BYTES = 8;

    @FuzzTest(maxDuration = "60s")
    void keyringFile(byte[] bytes) throws IOException {
        Path file = Files.createTempFile(
                "keyring", ".json", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(file, bytes);
            assertThat(new KeyringFile(file).load())
                    .hasValueSatisfying(ring -> assertThat(ring.isEmpty()).isFalse());
        } catch (KeyringFault fault) {
            assertThat(quotes(String.valueOf(fault.getMessage()).replace(file.toString(), ""), bytes))
                    .as("a fault may not quote the file, and with it a key")
                    .isFalse();
        } finally {
            Files.delete(file);
        }
    }

    private static boolean quotes(String message, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = 0; at + QUOTE_MIN_BYTES <= text.length(); at++) {
            String piece = text.substring(at, at + QUOTE_MIN_BYTES);
            if (message.contains(piece) && !FIXED_TEXTS.contains(piece)) {
                return true;
            }
        }
        return false;
    }

    /** The words of faults, which an input may happen to hold as well. */
    private static final String FIXED_TEXTS = "not a JSON list of base64 keys: unexpected end of JSON input"
            + " invalid character looking for beginning of value no keys present in keyring: illegal base64 data at input"
            + " byte key size must be 16, 24 or 32 bytes";
}
