package io.sotto.wire.crypto;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens what a {@link Sealer} of any member sealed. The version byte and every length are hostile.
 *
 * <p>A failed attempt costs more than twice a successful one, so keys are tried in the order of likelihood: first those under
 * which the plaintext would begin like a message (one AES block per key shows that), then the others, and among either the
 * key that last opened something from the same source. Every key of the ring is tried in the end; only the tag decides.
 *
 * <p>Keeps its ciphers between calls, so it has one owner and must not be used by two threads. Source: gossip
 * specification, section 6.3; the order is ours.
 */
public final class Opener {
    /** What {@link #openInto} returns when nothing opens. */
    public static final int REFUSED = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int COUNTER_AT = Sealer.NONCE_AT + Long.BYTES;
    private static final int SOURCES = 1_024;
    private static final int MESSAGE_TYPE_MAX = 13;
    private static final Opened.Refused EMPTY = refused(Reason.UNDECRYPTABLE, "Cannot decrypt empty payload");
    private static final Opened.Refused NO_KEY = refused(Reason.NO_KEY, "No installed keys could decrypt the message");
    private static final Opened.Refused WRONG_KEY =
            refused(Reason.UNDECRYPTABLE, "No installed keys could decrypt the message");
    private static final Opened.Refused BAD_PADDING =
            refused(Reason.UNDECRYPTABLE, "Version 0 padding is out of range");

    private final byte[] counter = new byte[Sealer.BLOCK_BYTES];
    private final byte[] keystream = new byte[Sealer.BLOCK_BYTES];
    private final long[] sources = new long[SOURCES];
    private final @Nullable KeyCiphers[] lastGood = new @Nullable KeyCiphers[SOURCES];
    private final EnvelopeGuard guard;
    private Keyring ring = Keyring.empty();
    private KeyCiphers[] ciphers = new KeyCiphers[0];
    private Opened.Refused refusal = NO_KEY;
    private @Nullable KeyCiphers opening;

    /** Opens whatever a key of the ring opens, as often as it comes. */
    public Opener() {
        this(EnvelopeGuard.none());
    }

    /** @param guard asked about each envelope that a key has opened */
    public Opener(EnvelopeGuard guard) {
        this.guard = guard;
        counter[Sealer.BLOCK_BYTES - 1] = 2;
    }

    /** Opens an envelope of any version; the plaintext may be empty. */
    public Opened open(Keyring ring, Octets payload, Octets aad) {
        return open(ring, payload, aad, 0);
    }

    /**
     * As above, trying first the key that last opened something from the same source.
     *
     * @param source any number that tells senders apart, such as a hash of the address; 0 when it is unknown
     */
    public Opened open(Keyring ring, Octets payload, Octets aad, long source) {
        byte[] plain = new byte[plainMaxBytes(payload)];
        int length = openInto(ring, payload, aad, source, plain, 0);
        KeyCiphers key = opening;
        return length == REFUSED || key == null ? refusal : new Opened.Plain(Octets.wrap(plain, 0, length), key.key);
    }

    /** The room that {@link #openInto} needs for this payload. */
    public static int plainMaxBytes(Octets payload) {
        return Math.max(0, payload.length() - Sealer.BODY_AT - Sealer.TAG_BYTES);
    }

    /**
     * As above, but leaves the plaintext in {@code target} from {@code position} on, and makes nothing: for whoever opens
     * one after another into memory that is kept. What was there before is lost even if nothing opens.
     *
     * @param target not the array of the payload, with {@link #plainMaxBytes} of room from {@code position} on
     * @return how many bytes the plaintext has, perhaps none; or {@link #REFUSED}, and then {@link #refusal} says why
     */
    public int openInto(Keyring ring, Octets payload, Octets aad, long source, byte[] target, int position) {
        if (payload.isEmpty()) {
            return refuse(EMPTY);
        }
        int version = payload.at(0);
        if (version > EnvelopeVersion.V1.code()) {
            // A type byte in its place: plaintext, more likely than an envelope of the future.
            return refuse(refused(
                    version <= MESSAGE_TYPE_MAX ? Reason.PLAINTEXT : Reason.UNDECRYPTABLE,
                    "Unsupported encryption version " + version));
        }
        EnvelopeVersion envelope = version == 0 ? EnvelopeVersion.V0 : EnvelopeVersion.V1;
        if (payload.length() < envelope.overheadMaxBytes()) {
            return refuse(refused(Reason.UNDECRYPTABLE, "Payload is too small to decrypt: " + payload.length()));
        }
        adopt(ring);
        if (ciphers.length == 0) {
            return refuse(NO_KEY);
        }
        int length = plainMaxBytes(payload);
        KeyCiphers found = find(payload, aad, source, target, position, length);
        if (found == null) {
            return refuse(WRONG_KEY);
        }
        remember(source, found);
        opening = found;
        int plainLength = envelope == EnvelopeVersion.V0 ? unpadded(target, position, length) : length;
        return plainLength == REFUSED ? REFUSED : judged(envelope, payload, found.key, plainLength);
    }

    /**
     * The key that the last call of {@link #openInto} opened something with.
     *
     * @throws IllegalStateException when nothing was opened yet
     */
    public GossipKey openedWith() {
        KeyCiphers found = opening;
        if (found == null) {
            throw new IllegalStateException("nothing has been opened");
        }
        return found.key;
    }

    private int judged(EnvelopeVersion envelope, Octets payload, GossipKey key, int plainLength) {
        long prefix = (long) LONG.get(payload.array(), payload.arrayOffset() + Sealer.NONCE_AT);
        int count = (int) INT.get(payload.array(), payload.arrayOffset() + COUNTER_AT);
        Opened.Refused turnedAway = guard.judge(envelope, prefix, count, key);
        return turnedAway == null ? plainLength : refuse(turnedAway);
    }

    /** Why the last call of {@link #openInto} opened nothing. */
    public Opened.Refused refusal() {
        return refusal;
    }

    private int refuse(Opened.Refused why) {
        refusal = why;
        return REFUSED;
    }

    private @Nullable KeyCiphers find(
            Octets payload, Octets aad, long source, byte[] target, int position, int plainLength) {
        if (ciphers.length == 1) {
            return opens(ciphers[0], payload, aad, target, position) ? ciphers[0] : null;
        }
        System.arraycopy(payload.array(), payload.arrayOffset() + Sealer.NONCE_AT, counter, 0, Sealer.NONCE_BYTES);
        KeyCiphers first = remembered(source);
        if (first != null && isLikely(first, payload, plainLength) && opens(first, payload, aad, target, position)) {
            return first;
        }
        for (KeyCiphers candidate : ciphers) {
            candidate.isTried = candidate == first ? first.isLikely : isLikely(candidate, payload, plainLength);
            if (candidate != first && candidate.isTried && opens(candidate, payload, aad, target, position)) {
                return candidate;
            }
        }
        if (first != null && !first.isTried) {
            first.isTried = true;
            if (opens(first, payload, aad, target, position)) {
                return first;
            }
        }
        for (KeyCiphers candidate : ciphers) {
            if (!candidate.isTried && opens(candidate, payload, aad, target, position)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean opens(KeyCiphers candidate, Octets payload, Octets aad, byte[] target, int position) {
        return !candidate.key.isWiped() && candidate.open(payload, aad, target, position);
    }

    /** Sets, and returns, whether the first block would read like the beginning of a message under this key. */
    private boolean isLikely(KeyCiphers candidate, Octets payload, int plainLength) {
        candidate.keystream(counter, keystream);
        int known = Math.min(plainLength, Sealer.BLOCK_BYTES);
        byte[] envelope = payload.array();
        int bodyAt = payload.arrayOffset() + Sealer.BODY_AT;
        for (int i = 0; i < known; i++) {
            keystream[i] ^= envelope[bodyAt + i];
        }
        candidate.isLikely = MessageBeginnings.isLikely(keystream, known, plainLength);
        return candidate.isLikely;
    }

    private int unpadded(byte[] plain, int position, int paddedLength) {
        // Not authentic as padding: the version byte is not covered by the tag.
        int end = position + paddedLength;
        int padding = plain[end - 1] & 0xff;
        if (padding < 1 || padding > Sealer.BLOCK_BYTES || padding > paddedLength) {
            return refuse(BAD_PADDING);
        }
        for (int i = end - padding; i < end; i++) {
            if ((plain[i] & 0xff) != padding) {
                return refuse(BAD_PADDING);
            }
        }
        return paddedLength - padding;
    }

    @SuppressWarnings("ReferenceEquality") // An equal ring in another object is merely taken over once more.
    private void adopt(Keyring newRing) {
        if (newRing == ring) {
            return;
        }
        List<KeyCiphers> kept = new ArrayList<>();
        for (GossipKey key : newRing.keys()) {
            if (!key.isWiped()) {
                kept.add(Arrays.stream(ciphers)
                        .filter(old -> old.key.equals(key))
                        .findFirst()
                        .orElseGet(() -> new KeyCiphers(key)));
            }
        }
        ciphers = kept.toArray(KeyCiphers[]::new);
        ring = newRing;
        opening = null;
        Arrays.fill(lastGood, null);
    }

    private @Nullable KeyCiphers remembered(long source) {
        int slot = slot(source);
        return sources[slot] == source ? lastGood[slot] : null;
    }

    private void remember(long source, KeyCiphers opening) {
        int slot = slot(source);
        sources[slot] = source;
        lastGood[slot] = opening;
    }

    private static int slot(long source) {
        return (int) ((source * 0x9e37_79b9_7f4a_7c15L) >>> 54);
    }

    private static Opened.Refused refused(Reason reason, String detail) {
        return new Opened.Refused(reason, detail);
    }
}
