package io.sotto.wire.crypto;

import io.sotto.wire.Octets;
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

    /** Opens the payload into {@code plain} from {@code plainAt} on; false when this is not the key. */
    boolean open(Octets payload, Octets aad, byte[] plain, int plainAt) {
        byte[] envelope = payload.array();
        int nonceAt = payload.arrayOffset() + Sealer.NONCE_AT;
        int length = payload.length() - Sealer.BODY_AT;
        try {
            gcm.init(
                    Cipher.DECRYPT_MODE,
                    secret,
                    new GCMParameterSpec(Sealer.TAG_BITS, envelope, nonceAt, Sealer.NONCE_BYTES));
            if (!aad.isEmpty()) {
                gcm.updateAAD(aad.array(), aad.arrayOffset(), aad.length());
            }
            gcm.doFinal(envelope, nonceAt + Sealer.NONCE_BYTES, length, plain, plainAt);
            return true;
        } catch (AEADBadTagException wrongKeyOrAltered) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening " + length + " bytes failed", e);
        }
    }
}
