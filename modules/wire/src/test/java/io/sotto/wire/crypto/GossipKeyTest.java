package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GossipKeyTest {
    @Test
    void theBytesOfAKeyAreInNoTextForm() {
        byte[] bytes = Seed.bytes(Seed.random(), 32);
        GossipKey key = GossipKey.of(bytes);
        Keyring ring = Keyring.of(key);
        for (String shown : new String[] {
            key.toString(),
            key.id(),
            ring.toString(),
            new KeyringChange.Done(ring).toString(),
            new Opened.Plain(Octets.empty(), key).toString()
        }) {
            assertThat(shown)
                    .as(Seed.hint())
                    .doesNotContain(HexFormat.of().formatHex(bytes))
                    .doesNotContain(Base64.getEncoder().encodeToString(bytes))
                    .contains(key.id());
        }
        assertThat(key.id()).matches("[0-9a-f]{8}");
    }

    @Test
    void onlyTheThreeSizesOfAesAreKeys() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            if (length == 16 || length == 24 || length == 32) {
                assertThat(GossipKey.of(bytes).lengthBytes()).isEqualTo(length);
            } else {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> GossipKey.of(bytes))
                        .withMessage("key size must be 16, 24 or 32 bytes");
            }
        }
    }

    @Test
    void keysAreComparedByTheirBytesAndKeepTheirOwn() {
        byte[] bytes = Seed.bytes(Seed.random(), 16);
        GossipKey key = GossipKey.of(bytes);
        assertThat(key).isEqualTo(GossipKey.of(bytes)).hasSameHashCodeAs(GossipKey.of(bytes));
        bytes[3] ^= 1;
        assertThat(key).isNotEqualTo(GossipKey.of(bytes));
        key.bytes(KeyAccess.KEYRING_FILE)[3] ^= 1;
        assertThat(key).isNotEqualTo(GossipKey.of(bytes));
    }

    @Test
    void keysInBase64ComeBack() {
        Random random = Seed.random();
        for (int length : new int[] {16, 24, 32}) {
            GossipKey key = GossipKey.of(Seed.bytes(random, length));
            assertThat(GossipKey.parse(key.toBase64(KeyAccess.KEYRING_FILE))).isEqualTo(key);
        }
    }

    @Test
    void base64MayBreakLinesAndLeaveBitsOverButMustBePadded() {
        GossipKey key = GossipKey.parse("AQIDBAUGBwgJCgsMDQ4PEA==");
        assertThat(GossipKey.parse("AQIDBAUGBwgJCg\r\nsMDQ4PEA=\n=\n")).isEqualTo(key);
        assertThat(GossipKey.parse("AQIDBAUGBwgJCgsMDQ4PEB=="))
                .as("trailing bits")
                .isEqualTo(key);
    }

    @Test
    void badBase64IsRefusedWithThePlaceThatTheRealAgentNames() {
        assertIllegal("!", 0);
        assertIllegal("AQID BAU", 4);
        assertIllegal("AQIDBAUGBwgJCgsMDQ4PEA", 20);
        assertIllegal("AQIDBAUGBwgJCgsMDQ4PEA=", 23);
        assertIllegal("AQIDBAUGBwgJCgsMDQ4PEA=x", 22);
        assertIllegal("AQIDBAUGBwgJCgsMDQ4PEA==x", 24);
        assertIllegal("A===", 1);
        assertIllegal("=", 0);
        assertIllegal("A", 0);
        assertIllegal("AQIDé", 4);
        assertIllegal("éAQID", 0);
    }

    @Test
    void aRefusalOfBase64DoesNotShowIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GossipKey.parse("c2VjcmV0!"))
                .withMessage("illegal base64 data at input byte 8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GossipKey.parse(""))
                .withMessage("key size must be 16, 24 or 32 bytes");
    }

    @Test
    void aWipedKeySealsNothingOpensNothingAndEqualsNoZeroKey() {
        GossipKey key = GossipKey.of(Seed.bytes(Seed.random(), 16));
        Sealer sealer = new Sealer((target, offset) -> {});
        Octets sealed = Octets.wrap(sealer.seal(key, new byte[5], 0, 5, Octets.empty()));
        Opener opener = new Opener();
        assertThat(opener.open(Keyring.of(key), sealed, Octets.empty())).isInstanceOf(Opened.Plain.class);
        Keyring ring = Keyring.of(key);
        assertThat(opener.open(ring, sealed, Octets.empty())).isInstanceOf(Opened.Plain.class);
        key.wipe();
        assertThat(key.bytes(KeyAccess.KEYRING_FILE)).containsOnly(0);
        assertThat(key).isNotEqualTo(GossipKey.of(new byte[16]));
        assertThat(opener.open(ring, sealed, Octets.empty())).isInstanceOf(Opened.Refused.class);
        assertThat(opener.open(Keyring.of(key), sealed, Octets.empty())).isInstanceOf(Opened.Refused.class);
        assertThatIllegalStateException().isThrownBy(() -> sealer.seal(key, new byte[5], 0, 5, Octets.empty()));
    }

    @Test
    void aCopyOutlivesTheWipeOfItsOriginalAndAWipedKeyHasNoCopy() {
        byte[] bytes = Seed.bytes(Seed.random(), 32);
        GossipKey key = GossipKey.of(bytes);
        GossipKey copy = key.copy();
        key.wipe();
        assertThat(copy).isEqualTo(GossipKey.of(bytes));
        assertThatIllegalStateException().isThrownBy(key::copy).withMessage("key " + copy.id() + " has been wiped");
    }

    private static void assertIllegal(String base64, int at) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GossipKey.parse(base64))
                .withMessage("illegal base64 data at input byte " + at);
    }
}
