package io.sotto.wire.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** The ciphers that an {@link Opener} keeps for one key. */
final class KeyCiphers {
    private static final String BLOCK_TRANSFORMATION = "AES/ECB/NoPadding";

    final GossipKey key;
    private final SecretKey secret;
    private final Cipher gcm;
    private final Cipher block;

    /** Whether this key has been tried on the envelope at hand. */
    boolean isTried;

    /** Whether what this key would make of the envelope at hand begins like a message. */
    boolean isLikely;

    KeyCiphers(GossipKey key) {
        this.key = key;
        this.secret = key.cipherKey();
        try {
            this.gcm = Cipher.getInstance(Sealer.TRANSFORMATION);
            this.block = Cipher.getInstance(BLOCK_TRANSFORMATION);
            this.block.init(Cipher.ENCRYPT_MODE, secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    /** Encrypts one block of {@code counter} into {@code keystream}. */
    void keystream(byte[] counter, byte[] keystream) {
        try {
            block.update(counter, 0, Sealer.BLOCK_BYTES, keystream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("one block fits into one block", e);
        }
    }

    /** Opens {@code length} bytes of ciphertext and tag into {@code plain}; false when this is not the key. */
    boolean open(byte[] envelope, int nonceAt, int length, byte[] aad, int aadAt, int aadLength, byte[] plain) {
        try {
            gcm.init(
                    Cipher.DECRYPT_MODE,
                    secret,
                    new GCMParameterSpec(Sealer.TAG_BITS, envelope, nonceAt, Sealer.NONCE_BYTES));
            if (aadLength > 0) {
                gcm.updateAAD(aad, aadAt, aadLength);
            }
            gcm.doFinal(envelope, nonceAt + Sealer.NONCE_BYTES, length, plain, 0);
            return true;
        } catch (AEADBadTagException wrongKeyOrAltered) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes failed", e);
        }
    }
}
