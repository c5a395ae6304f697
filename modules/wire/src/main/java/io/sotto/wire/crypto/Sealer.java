package io.sotto.wire.crypto;

import io.sotto.wire.Octets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals messages with AES-GCM.
 *
 * <pre>
 *  0        1            13                     13+n        29+n   (bytes)
 *  +--------+------------+----------------------+-----------+
 *  | version| nonce 12 B | ciphertext n B       | tag 16 B  |
 *  +--------+------------+----------------------+-----------+
 * </pre>
 *
 * <p>Keeps its cipher between calls, so it has one owner and must not be used by two threads. Associated data: the label
 * on datagrams; the frame header and the label on streams. Source: gossip specification, section 6.3.
 */
public final class Sealer {
    static final String TRANSFORMATION = "AES/GCM/NoPadding";
    static final int NONCE_AT = 1;
    static final int NONCE_BYTES = 12;
    static final int BODY_AT = NONCE_AT + NONCE_BYTES;
    static final int TAG_BYTES = 16;
    static final int TAG_BITS = 8 * TAG_BYTES;
    static final int BLOCK_BYTES = 16;

    private final NonceSource nonces;
    private final EnvelopeVersion version;
    private final Cipher cipher;
    private final Map<GossipKey, long[]> counts = new HashMap<>();
    private @Nullable GossipKey lastKey;
    private @Nullable SecretKey lastSecret;
    private long[] lastCount = new long[1];

    /** Seals in version 1. */
    public Sealer(NonceSource nonces) {
        this(nonces, EnvelopeVersion.V1);
    }

    public Sealer(NonceSource nonces, EnvelopeVersion version) {
        this.nonces = nonces;
        this.version = version;
        try {
            this.cipher = Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + TRANSFORMATION, e);
        }
    }

    /** The length that {@code length} bytes have once sealed. */
    public int sealedLength(int length) {
        return BODY_AT + paddedLength(length) + TAG_BYTES;
    }

    /** The sealed envelope of {@code length} bytes of {@code plain} from {@code offset} on. */
    public byte[] seal(GossipKey key, byte[] plain, int offset, int length, Octets aad) {
        byte[] sealed = new byte[sealedLength(length)];
        sealInto(key, plain, offset, length, aad, sealed, 0);
        return sealed;
    }

    /**
     * As {@link #seal}, into {@code target} from {@code position} on, where {@code plain} is not; returns the position
     * after the envelope.
     *
     * @throws IllegalStateException when the key has been wiped
     */
    public int sealInto(GossipKey key, byte[] plain, int offset, int length, Octets aad, byte[] target, int position) {
        SecretKey secret = secretOf(key);
        target[position] = (byte) version.code();
        nonces.next(target, position + NONCE_AT);
        lastCount[0]++;
        try {
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    secret,
                    new GCMParameterSpec(TAG_BITS, target, position + NONCE_AT, NONCE_BYTES));
            if (!aad.isEmpty()) {
                cipher.updateAAD(aad.array(), aad.arrayOffset(), aad.length());
            }
            int bodyAt = position + BODY_AT;
            if (version == EnvelopeVersion.V0) {
                byte[] padded = padded(plain, offset, length);
                return bodyAt + cipher.doFinal(padded, 0, padded.length, target, bodyAt);
            }
            return bodyAt + cipher.doFinal(plain, offset, length, target, bodyAt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing " + length + " bytes failed", e);
        }
    }

    /** Messages sealed with {@code key} by this sealer, for the gauge that asks for a rotation in time. */
    public long sealedWith(GossipKey key) {
        long[] count = counts.get(key);
        return count == null ? 0 : count[0];
    }

    private int paddedLength(int length) {
        return version == EnvelopeVersion.V1 ? length : length + BLOCK_BYTES - length % BLOCK_BYTES;
    }

    private byte[] padded(byte[] plain, int offset, int length) {
        byte[] padded = new byte[paddedLength(length)];
        System.arraycopy(plain, offset, padded, 0, length);
        Arrays.fill(padded, length, padded.length, (byte) (padded.length - length));
        return padded;
    }

    private SecretKey secretOf(GossipKey key) {
        GossipKey keptKey = lastKey;
        SecretKey kept = lastSecret;
        if (kept != null && keptKey != null && key.equals(keptKey) && !key.isWiped()) {
            return kept;
        }
        SecretKey secret = key.cipherKey();
        lastKey = key;
        lastSecret = secret;
        lastCount = counts.computeIfAbsent(key, k -> new long[1]);
        return secret;
    }
}
