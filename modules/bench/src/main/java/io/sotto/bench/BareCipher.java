package io.sotto.bench;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The limit of sealing: one kept JDK cipher and the least that a gossip envelope needs, with nothing around it. The nonce
 * comes from a pool of random bytes, the cheapest way that gives a fresh one.
 */
final class BareCipher {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int POOL_BYTES = 4_096;

    private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();
    private final byte[] pool = new byte[POOL_BYTES];
    private int used = POOL_BYTES;

    BareCipher(byte[] keyBytes) throws GeneralSecurityException {
        this.key = new SecretKeySpec(keyBytes, "AES");
    }

    int seal(byte[] plain, byte[] target) throws GeneralSecurityException {
        if (used + NONCE_BYTES > POOL_BYTES) {
            random.nextBytes(pool);
            used = 0;
        }
        target[0] = 1;
        System.arraycopy(pool, used, target, 1, NONCE_BYTES);
        used += NONCE_BYTES;
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, target, 1, NONCE_BYTES));
        return cipher.doFinal(plain, 0, plain.length, target, 1 + NONCE_BYTES);
    }

    int open(byte[] sealed, byte[] target) throws GeneralSecurityException {
        return open(sealed, sealed.length, target);
    }

    int open(byte[] sealed, int length, byte[] target) throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 1, NONCE_BYTES));
        return cipher.doFinal(sealed, 1 + NONCE_BYTES, length - 1 - NONCE_BYTES, target, 0);
    }
}
