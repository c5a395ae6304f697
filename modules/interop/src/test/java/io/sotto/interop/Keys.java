package io.sotto.interop;

import java.security.SecureRandom;
import java.util.Base64;

/** Fresh gossip keys, made here so that the code under test is not asked for what it is tested with. */
final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    static String random(int bytes) {
        byte[] key = new byte[bytes];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
