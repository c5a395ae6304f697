package io.sotto.agent.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Makes gossip keys from the operating system's entropy.
 *
 * <p>Where there is one, the kernel's device is read directly: it is what {@link SecureRandom} reads too, without the
 * start of the security providers, which would take longer than all the rest of {@code keygen}.
 */
final class KeyMaker {
    private static final String DEVICE = "/dev/urandom";

    private KeyMaker() {}

    /** A fresh key of 16, 24 or 32 bytes in standard base64. */
    static String base64(int lengthBytes) {
        byte[] key = new byte[lengthBytes];
        if (!fromDevice(key)) {
            new SecureRandom().nextBytes(key);
        }
        return Base64.getEncoder().encodeToString(key);
    }

    private static boolean fromDevice(byte[] target) {
        try (InputStream device = new FileInputStream(DEVICE)) {
            return device.readNBytes(target, 0, target.length) == target.length;
        } catch (IOException noSuchDevice) {
            return false;
        }
    }
}
