package io.sotto.wire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void everyFlippedBitOfACheckedPacketIsNoticed() {
        byte[] checked = Checksum.add(Octets.hex("0b81a55365714e6f2a").toArray());
        for (int bit = 8; bit < 8 * checked.length; bit++) {
            byte[] flipped = checked.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(Checksum.verify(Octets.wrap(flipped))).isInstanceOf(Checksum.Verified.Corrupt.class);
        }
    }

    @Test
    void withoutItsTypeOrWithLessThanItsHeaderThereIsNoChecksum() {
        for (String hex : new String[] {"", "0c", "0c000000", "0b81a55365714e6f2a"}) {
            assertThat(Checksum.verify(Octets.hex(hex))).isEqualTo(new Checksum.Verified.Intact(Octets.hex(hex)));
        }
    }

    @Test
    void aPacketIsCompressedOnlyIfThatMakesItShorter() {
        byte[] repetitive = new byte[200];
        byte[] random = Octets.hex("0102030405060708").toArray();
        assertThat(Compression.compressIfShorter(repetitive)).hasSizeLessThan(200);
        assertThat(Compression.compressIfShorter(random)).isSameAs(random);
    }

    @Test
    void theEnvelopeOfACompressedMessageMayBeHostile() {
        assertThat(reason("82a4416c676f00a3427566dbffffffff")).isEqualTo(Reason.COMPRESSION);
        assertThat(reason("82a4416c676f00a3427566da7fff00")).isEqualTo(Reason.COMPRESSION);
        assertThat(reason("c0")).as("no bytes, so no end code").isEqualTo(Reason.COMPRESSION);
        assertThat(reason("82a4416c676fcd0100a3427566a0"))
                .as("an algorithm beyond a byte")
                .isEqualTo(Reason.COMPRESSION);
        Octets million = Octets.wrap(Compression.compress(new byte[1 << 20], 0, 1 << 20));
        assertThat(Compression.decompress(million.slice(1, million.length() - 1), 65_536, 16))
                .isEqualTo(new Compression.Decompressed.Refused(Reason.EXPANSION, "unpacks to more than 65536 bytes"));
    }

    @Test
    void noMessagesMakeNoCompoundAndTooLongOnesFitNone() {
        assertThat(Compound.pack(List.of())).isEmpty();
        Octets tooLong = Octets.wrap(new byte[65_536]);
        assertThatIllegalArgumentException().isThrownBy(() -> Compound.pack(List.of(tooLong)));
        assertThat(Compound.pack(Collections.nCopies(600, Octets.hex("0b")))).hasSize(3);
    }

    @Test
    void bytesAfterTheLastPartOfACompoundAreIgnored() {
        assertThat(Compound.unpack(Octets.hex("0100020baa" + "ffff")))
                .isEqualTo(new Compound.Unpacked.Parts(List.of(Octets.hex("0baa")), 0));
    }

    private static Reason reason(String hex) {
        return ((Compression.Decompressed.Refused) Compression.decompress(Octets.hex(hex), 65_536, 16)).reason();
    }
}
