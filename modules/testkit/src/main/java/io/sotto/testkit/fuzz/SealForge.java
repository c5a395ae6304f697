package io.sotto.testkit.fuzz;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.NonceSource;
import io.sotto.wire.crypto.Sealer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Makes whole datagrams: an envelope, sealed or not, behind the target's label or another. */
final class SealForge {
    /** The largest datagram that a socket sends over IPv4. */
    static final int DATAGRAM_MAX_BYTES = 65_507;

    static final int SEAL_BYTES = 29;

    private static final int LABEL = 244;
    private static final int LABEL_MAX_BYTES = 257;
    private static final int LAYERS_MAX_BYTES = 2 * (SEAL_BYTES + 16) + LABEL_MAX_BYTES;
    private static final int BLOCK = 16;
    private static final int V0_MIN_BYTES = 45;

    private final FuzzTarget target;
    private final EnvelopeForge envelopes;
    private final GossipKey stranger = GossipKey.of(new byte[32]);
    private final ChanceNonces nonces = new ChanceNonces();
    private final Sealer sealer = new Sealer(nonces);

    SealForge(FuzzTarget target) {
        this.target = target;
        this.envelopes = new EnvelopeForge(target);
    }

    /** What somebody without a key sends. */
    Piece plain(Chance chance) {
        boolean refused = target.key().isPresent();
        if (!refused && chance.oneIn(40)) {
            byte[] inside = envelopes.sound(chance, true).bytes();
            // The version reads as a message type; what follows is as good as noise.
            return addressed(Piece.open(sealBy(stranger, inside, chance, target.label()), "sealed"), chance);
        }
        Piece piece = fitted(envelopes.any(chance, refused));
        // Where there is a key, nothing that was not sealed with it is listened to.
        Piece judged = refused ? Piece.doomed(piece.bytes(), "not sealed: " + piece.what()) : piece;
        return addressed(judged, chance);
    }

    /** What a key holder sends. */
    Piece sealed(Chance chance) {
        if (!chance.oneIn(4)) {
            Piece piece = fitted(envelopes.any(chance, false));
            return addressed(piece.within(seal(piece.bytes(), chance, target.label()), "sealed"), chance);
        }
        return addressed(badlySealed(chance), chance);
    }

    /** A sound sealed datagram in which bits were turned over. */
    Piece flipped(Chance chance) {
        Piece piece = envelopes.sound(chance, true);
        byte[] plain = piece.bytes();
        byte[] whole = withLabel(target.label(), seal(plain, chance, target.label()));
        int sealAt = whole.length - plain.length - SEAL_BYTES;
        byte[] before = whole.clone();
        int bits = chance.oneIn(2) ? 1 : chance.between(2, 8);
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < bits; i++) {
            int bit = chance.oneIn(12) ? 8 * sealAt + chance.below(8) : chance.below(8 * whole.length);
            whole[bit / 8] ^= (byte) (1 << (bit % 8));
            where.append(' ').append(bit);
        }
        if (Arrays.equals(before, whole)) {
            whole[whole.length - 1] ^= 1;
            where.append(" and the last");
        }
        if (readsAsVersion0(plain) && differsOnlyAt(sealAt, before, whole)) {
            // The version is the one byte that the seal does not cover: it alone might not be missed.
            whole[whole.length - 1] ^= 1;
            where.append(" and the last");
        }
        return Piece.doomed(whole, "bits turned over:" + where + " in sealed " + piece.what());
    }

    private static boolean differsOnlyAt(int at, byte[] before, byte[] after) {
        byte[] restored = after.clone();
        restored[at] = before[at];
        return Arrays.equals(before, restored);
    }

    private Piece badlySealed(Chance chance) {
        Piece piece = envelopes.sound(chance, true);
        byte[] plain = piece.bytes();
        byte[] sealed = seal(plain, chance, target.label());
        switch (chance.below(11)) {
            case 0 -> {
                return Piece.doomed(sealBy(stranger, plain, chance, target.label()), "sealed with another key");
            }
            case 1 -> {
                Octets aad = Octets.wrap(chance.bytes(chance.between(1, 20)));
                return Piece.doomed(seal(plain, chance, aad), "sealed over other associated data");
            }
            case 2 -> {
                sealed[0] = (byte) chance.between(2, 255);
                return Piece.doomed(sealed, "sealed in version " + (sealed[0] & 0xff));
            }
            case 3 -> {
                int kept = chance.between(1, sealed.length - 1);
                return Piece.doomed(Arrays.copyOf(sealed, kept), "sealed, cut to " + kept + " bytes");
            }
            case 4 -> {
                return Piece.doomed(
                        Arrays.copyOf(sealed, sealed.length + chance.between(1, 40)), "sealed, bytes behind it");
            }
            case 5 -> {
                return Piece.doomed(seal(new byte[0], chance, target.label()), "sealed nothing");
            }
            case 6 -> {
                Piece inner = fitted(envelopes.any(chance, false));
                return inner.within(version0(padded(inner.bytes()), chance), "sealed in version 0");
            }
            case 7 -> {
                byte[] padded = padded(plain);
                padded[padded.length - 1] = (byte) chance.pick(0, 17, 18, 128, 255);
                return Piece.doomed(version0(padded, chance), "sealed in version 0, padding out of range");
            }
            case 8 -> {
                Piece inner = envelopes.sound(chance, false);
                byte[] asOne = seal(padded(inner.bytes()), chance, target.label());
                return Piece.open(asOne, "sealed in version 1 with the padding of version 0: " + inner.what());
            }
            case 9 -> {
                return Piece.doomed(plain, "not sealed: " + piece.what());
            }
            default -> {
                // The version of the inner seal reads as a message type.
                return Piece.open(seal(sealed, chance, target.label()), "sealed twice");
            }
        }
    }

    /** What still fits into a datagram with seal and label around it. */
    private static Piece fitted(Piece piece) {
        int max = DATAGRAM_MAX_BYTES - LAYERS_MAX_BYTES;
        return piece.bytes().length <= max
                ? piece
                : Piece.open(Arrays.copyOf(piece.bytes(), max), "cut to fit: " + piece.what());
    }

    /** Puts the label in front, or another, or none. */
    private Piece addressed(Piece piece, Chance chance) {
        Octets label = target.label();
        if (!chance.oneIn(25)) {
            return label.isEmpty() ? piece : piece.within(withLabel(label, piece.bytes()), "label");
        }
        switch (chance.below(4)) {
            case 0 -> {
                byte[] other = chance.bytes(chance.between(1, 255));
                boolean same = Octets.wrap(other).equals(label);
                byte[] bytes = withLabel(Octets.wrap(other), piece.bytes());
                return same ? piece.within(bytes, "label") : Piece.doomed(bytes, "another label");
            }
            case 1 -> {
                byte[] header = {(byte) LABEL, 0};
                return Piece.doomed(joined(header, piece.bytes()), "an empty label");
            }
            case 2 -> {
                byte[] header = {(byte) LABEL, (byte) 200, 1, 2, 3};
                return Piece.doomed(Arrays.copyOf(header, chance.between(1, 5)), "a label cut short");
            }
            default -> {
                return label.isEmpty() ? piece : Piece.doomed(piece.bytes(), "no label");
            }
        }
    }

    /** Whether version 0 would find its padding at the end of this plaintext. */
    private static boolean readsAsVersion0(byte[] plain) {
        int padding = plain.length == 0 ? 0 : plain[plain.length - 1];
        if (padding < 1 || padding > BLOCK || padding > plain.length || plain.length + SEAL_BYTES < V0_MIN_BYTES) {
            return false;
        }
        for (int i = plain.length - padding; i < plain.length; i++) {
            if (plain[i] != padding) {
                return false;
            }
        }
        return true;
    }

    private byte[] version0(byte[] padded, Chance chance) {
        byte[] sealed = seal(padded, chance, target.label());
        sealed[0] = 0;
        return sealed;
    }

    private static byte[] padded(byte[] plain) {
        int padding = BLOCK - plain.length % BLOCK;
        byte[] padded = Arrays.copyOf(plain, plain.length + padding);
        Arrays.fill(padded, plain.length, padded.length, (byte) padding);
        return padded;
    }

    private byte[] seal(byte[] plain, Chance chance, Octets aad) {
        GossipKey key =
                target.key().orElseThrow(() -> new IllegalStateException("nothing is sealed without the target's key"));
        return sealBy(key, plain, chance, aad);
    }

    private byte[] sealBy(GossipKey key, byte[] plain, Chance chance, Octets aad) {
        nonces.take(chance.random());
        return sealer.seal(key, plain, 0, plain.length, aad);
    }

    static byte[] withLabel(Octets label, byte[] rest) {
        return label.isEmpty()
                ? rest
                : joined(joined(new byte[] {(byte) LABEL, (byte) label.length()}, label.toArray()), rest);
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Nonces from the chance of the case at hand, so that a case is the same whatever was made before it. */
    static final class ChanceNonces implements NonceSource {
        private RandomGenerator random = new SplittableRandom(0);

        @Override
        public void next(byte[] target, int offset) {
            for (int i = 0; i < 12; i++) {
                target[offset + i] = (byte) random.nextInt();
            }
        }

        void take(RandomGenerator newRandom) {
            random = newRandom;
        }
    }
}
