package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealingTest {
    private static final Octets LABEL = Octets.utf8("prod");

    private final Random random = Seed.random();
    private final NonceSource nonces =
            (target, offset) -> System.arraycopy(Seed.bytes(random, 12), 0, target, offset, 12);
    private final Sealer sealer = new Sealer(nonces);
    private final Opener opener = new Opener();

    @ParameterizedTest
    @EnumSource
    void whatIsSealedOpensAgain(EnvelopeVersion version) {
        Sealer versioned = new Sealer(nonces, version);
        for (int length = 0; length < 70; length++) {
            GossipKey key = key();
            byte[] plain = Seed.bytes(random, length);
            Octets sealed = Octets.wrap(versioned.seal(key, plain, 0, length, LABEL));
            assertThat(sealed.length()).isLessThanOrEqualTo(length + version.overheadMaxBytes());
            assertThat(opener.open(Keyring.of(key), sealed, LABEL))
                    .as(Seed.hint())
                    .isEqualTo(new Opened.Plain(Octets.wrap(plain), key));
        }
    }

    @Test
    void anotherImplementationOpensWhatWeSealAndTheReverse() throws InvalidCipherTextException {
        for (int i = 0; i < 200; i++) {
            GossipKey key = key();
            byte[] plain = Seed.bytes(random, random.nextInt(1_500));
            Octets sealed = Octets.wrap(sealer.seal(key, plain, 0, plain.length, LABEL));
            byte[] body = sealed.slice(13, sealed.length() - 13).toArray();
            assertThat(second(false, key, sealed.slice(1, 12), body))
                    .as(Seed.hint())
                    .isEqualTo(plain);

            byte[] theirs = new byte[1 + 12 + plain.length + 16];
            theirs[0] = 1;
            byte[] nonce = Seed.bytes(random, 12);
            System.arraycopy(nonce, 0, theirs, 1, 12);
            System.arraycopy(second(true, key, Octets.wrap(nonce), plain), 0, theirs, 13, plain.length + 16);
            assertThat(opener.open(Keyring.of(key), Octets.wrap(theirs), LABEL))
                    .as(Seed.hint())
                    .isEqualTo(new Opened.Plain(Octets.wrap(plain), key));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneFlippedBitAnywhereIsNoticed(EnvelopeVersion version) {
        GossipKey key = key();
        byte[] plain = Octets.hex("0181a55365714e6f01c0").toArray();
        byte[] sealed = new Sealer(nonces, version).seal(key, plain, 0, plain.length, LABEL);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Opened opened = opener.open(Keyring.of(key), Octets.wrap(flipped), LABEL);
            if (bit == 0 && version == EnvelopeVersion.V0) {
                // The version byte is not authenticated: as version 1 the padding shows, and is for the decoder to
                // ignore.
                assertThat(((Opened.Plain) opened).plain().slice(0, plain.length))
                        .isEqualTo(Octets.wrap(plain));
            } else {
                assertThat(opened).as("bit %s", bit).isInstanceOf(Opened.Refused.class);
            }
        }
    }

    @Test
    void theAssociatedDataIsPartOfTheSeal() {
        GossipKey key = key();
        Octets sealed = Octets.wrap(sealer.seal(key, new byte[9], 0, 9, LABEL));
        for (Octets other : List.of(Octets.empty(), Octets.utf8("Prod"), Octets.utf8("prod2"))) {
            assertThat(opener.open(Keyring.of(key), sealed, other)).isInstanceOf(Opened.Refused.class);
        }
    }

    @Test
    void everyKeyOfARingOpensWhateverThePlaintextIsAndWhoeverSent() {
        List<GossipKey> keys = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            keys.add(key());
        }
        Keyring ring = Keyring.of(keys.get(0), keys.subList(1, 8).toArray(new GossipKey[0]));
        for (int i = 0; i < 2_000; i++) {
            GossipKey key = keys.get(random.nextInt(8));
            byte[] plain = Seed.bytes(random, random.nextInt(40));
            EnvelopeVersion version = random.nextBoolean() ? EnvelopeVersion.V0 : EnvelopeVersion.V1;
            Octets sealed = Octets.wrap(new Sealer(nonces, version).seal(key, plain, 0, plain.length, LABEL));
            assertThat(opener.open(ring, sealed, LABEL, random.nextInt(3)))
                    .as(Seed.hint())
                    .isEqualTo(new Opened.Plain(Octets.wrap(plain), key));
        }
    }

    @Test
    void aRingThatChangesIsFollowedAtOnce() {
        GossipKey first = key();
        GossipKey second = key();
        Octets sealed = Octets.wrap(sealer.seal(second, new byte[3], 0, 3, LABEL));
        assertThat(opener.open(Keyring.of(first), sealed, LABEL, 7)).isInstanceOf(Opened.Refused.class);
        assertThat(opener.open(Keyring.of(first, second), sealed, LABEL, 7)).isInstanceOf(Opened.Plain.class);
        assertThat(opener.open(Keyring.of(second), sealed, LABEL, 7)).isInstanceOf(Opened.Plain.class);
        assertThat(opener.open(Keyring.of(first), sealed, LABEL, 7)).isInstanceOf(Opened.Refused.class);
    }

    @Test
    void paddingOfVersionZeroIsHostileEvenWhenAuthentic() {
        GossipKey key = key();
        for (String plain :
                List.of("00".repeat(16), "11".repeat(32), "ff".repeat(16), "0102".repeat(8), "0203".repeat(8))) {
            byte[] sealed = sealer.seal(key, Octets.hex(plain).toArray(), 0, plain.length() / 2, LABEL);
            sealed[0] = 0;
            assertThat(opener.open(Keyring.of(key), Octets.wrap(sealed), LABEL))
                    .as(plain)
                    .isInstanceOf(Opened.Refused.class);
        }
        byte[] allPadding = sealer.seal(key, Octets.hex("10".repeat(16)).toArray(), 0, 16, LABEL);
        allPadding[0] = 0;
        assertThat(opener.open(Keyring.of(key), Octets.wrap(allPadding), LABEL))
                .isEqualTo(new Opened.Plain(Octets.empty(), key));
    }

    @Test
    void whatIsNoEnvelopeIsRefusedForItsReason() {
        Keyring ring = Keyring.of(key());
        assertRefused(ring, new byte[0], Reason.UNDECRYPTABLE, "Cannot decrypt empty payload");
        assertRefused(ring, bytes(4, 100), Reason.PLAINTEXT, "Unsupported encryption version 4");
        assertRefused(ring, bytes(200, 100), Reason.UNDECRYPTABLE, "Unsupported encryption version 200");
        assertRefused(ring, bytes(1, 28), Reason.UNDECRYPTABLE, "Payload is too small to decrypt: 28");
        assertRefused(ring, bytes(0, 44), Reason.UNDECRYPTABLE, "Payload is too small to decrypt: 44");
        assertRefused(ring, bytes(1, 29), Reason.UNDECRYPTABLE, "No installed keys could decrypt the message");
        assertRefused(Keyring.empty(), bytes(1, 29), Reason.NO_KEY, "No installed keys could decrypt the message");
    }

    @Test
    void noBytesOfAStrangerOpen() {
        Keyring ring = Keyring.of(key(), key(), key());
        for (int i = 0; i < 5_000; i++) {
            byte[] hostile = Seed.bytes(random, random.nextInt(120));
            if (hostile.length > 0 && random.nextBoolean()) {
                hostile[0] &= 1;
            }
            assertThat(opener.open(ring, Octets.wrap(hostile), LABEL, random.nextLong()))
                    .as(Seed.hint())
                    .isInstanceOf(Opened.Refused.class);
        }
    }

    @Test
    void messagesAreCountedByTheKeyThatSealedThem() {
        GossipKey first = key();
        GossipKey second = key();
        for (GossipKey key : List.of(first, second, first, first)) {
            sealer.seal(key, new byte[1], 0, 1, LABEL);
        }
        assertThat(List.of(sealer.sealedWith(first), sealer.sealedWith(second), sealer.sealedWith(key())))
                .isEqualTo(List.of(3L, 1L, 0L));
    }

    @Test
    void aSealCanBePutIntoTheMiddleOfAnArray() {
        GossipKey key = key();
        byte[] target = new byte[3 + sealer.sealedLength(2) + 1];
        int end = sealer.sealInto(key, new byte[] {9, 1, 2, 9}, 1, 2, LABEL, target, 3);
        assertThat(end).isEqualTo(target.length - 1);
        assertThat(target[end]).isZero();
        assertThat(opener.open(Keyring.of(key), Octets.wrap(target, 3, end - 3), LABEL))
                .isEqualTo(new Opened.Plain(Octets.hex("0102"), key));
    }

    @Test
    void onlyFewRandomBlocksReadLikeMessages() {
        int likely = 0;
        for (int i = 0; i < 100_000; i++) {
            likely += MessageBeginnings.isLikely(Seed.bytes(random, 16), 16, 1_400) ? 1 : 0;
        }
        assertThat(likely).as(Seed.hint()).isLessThan(300);
    }

    @Test
    void whatRealWritersWriteReadsLikeAMessage() {
        for (String hex : List.of(
                "0085a44e6f6465",
                "0282a75061796c6f6164c0",
                "0486a441646472a47f",
                "0b81a55365714e6f2a",
                "0683a44a6f696e",
                "0703001700270015",
                "08",
                "0801",
                "080182a54c54696d65",
                "0881aa557365724d",
                "0982a4416c676f00",
                "0d81a54572726f72",
                "0cdd4e46920982a4416c676f00",
                "0cdd4e4692",
                "00",
                "")) {
            byte[] bytes = Octets.hex(hex).toArray();
            assertThat(MessageBeginnings.isLikely(bytes, bytes.length, 1_400))
                    .as(hex)
                    .isTrue();
        }
    }

    private void assertRefused(Keyring ring, byte[] payload, Reason reason, String detail) {
        assertThat(opener.open(ring, Octets.wrap(payload), LABEL)).isEqualTo(new Opened.Refused(reason, detail));
    }

    private static byte[] bytes(int first, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 3);
        bytes[0] = (byte) first;
        return bytes;
    }

    private GossipKey key() {
        return GossipKey.of(Seed.bytes(random, 16 + 8 * random.nextInt(3)));
    }

    private static byte[] second(boolean seals, GossipKey key, Octets nonce, byte[] input)
            throws InvalidCipherTextException {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(
                seals,
                new AEADParameters(
                        new KeyParameter(key.bytes(KeyAccess.KEY_QUERY)), 128, nonce.toArray(), LABEL.toArray()));
        byte[] output = new byte[cipher.getOutputSize(input.length)];
        int length = cipher.processBytes(input, 0, input.length, output, 0);
        length += cipher.doFinal(output, length);
        return Arrays.copyOf(output, length);
    }
}
