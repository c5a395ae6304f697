package io.sotto.wire.lzw;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LzwTest {
    @Test
    void whateverIsCompressedUnpacksAgain() {
        Random random = Seed.random();
        for (int i = 0; i < 300; i++) {
            byte[] plain = new byte[random.nextInt(30_000)];
            int alphabet = 1 + random.nextInt(256);
            for (int j = 0; j < plain.length; j++) {
                plain[j] = (byte) random.nextInt(alphabet);
            }
            assertThat(LzwDecoder.decode(encode(plain), plain.length))
                    .as(Seed.hint())
                    .isEqualTo(new LzwDecoder.Result.Plain(Octets.copyOf(plain)));
        }
    }

    @Test
    void aRangeOfAnArrayIsCompressedAsThatRangeAlone() {
        byte[] plain = {9, 9, 1, 2, 1, 2, 9};
        assertThat(Octets.wrap(LzwEncoder.encode(plain, 2, 4))).isEqualTo(encode(new byte[] {1, 2, 1, 2}));
    }

    @Test
    void theLeadingClearCodeIsOptional() {
        assertThat(LzwDecoder.decode(Octets.hex("410202"), 9)).isEqualTo(plain("41"));
        assertThat(LzwDecoder.decode(Octets.hex("00830404"), 9)).isEqualTo(plain("41"));
    }

    @Test
    void aFullDictionaryWithoutAClearCodeKeepsUnpacking() {
        // Old and patient writers go on with a full dictionary; nothing is defined any more until they clear it.
        Codes codes = new Codes();
        StringBuilder expected = new StringBuilder();
        int width = 9;
        for (int next = 257; next < 4_300; next++) {
            codes.write(next % 251, width);
            expected.append(String.format("%02x", next % 251));
            width = Math.min(12, Math.max(9, 32 - Integer.numberOfLeadingZeros(next + 1)));
        }
        codes.write(257, width);
        assertThat(LzwDecoder.decode(codes.bytes(), 10_000)).isEqualTo(plain(expected.toString()));
    }

    @Test
    void bytesAfterTheEndCodeAreIgnored() {
        assertThat(LzwDecoder.decode(Octets.hex("00830404ffff"), 9)).isEqualTo(plain("41"));
    }

    @Test
    void withoutAnEndCodeNothingIsHad() {
        byte[] plain = Seed.bytes(Seed.random(), 500);
        Octets packed = encode(plain);
        for (int length = 0; length < packed.length() - 1; length++) {
            assertThat(LzwDecoder.decode(packed.slice(0, length), 500))
                    .as("%s bytes, %s", length, Seed.hint())
                    .isEqualTo(new LzwDecoder.Result.Malformed("unexpected EOF"));
        }
    }

    @Test
    void codesThatCannotBeThereYetAreInvalid() {
        Codes codes = new Codes();
        codes.write(256, 9);
        codes.write(258, 9);
        codes.write(257, 9);
        assertThat(LzwDecoder.decode(codes.bytes(), 9)).isEqualTo(new LzwDecoder.Result.Malformed("lzw: invalid code"));
    }

    @Test
    void nothingIsUnpackedBeyondTheBound() {
        Octets packed = encode(new byte[1 << 20]);
        assertThat(packed.length()).isLessThan(4_000);
        assertThat(LzwDecoder.decode(packed, (1 << 20) - 1)).isEqualTo(LzwDecoder.Result.TooLong.INSTANCE);
        assertThat(LzwDecoder.decode(packed, 0)).isEqualTo(LzwDecoder.Result.TooLong.INSTANCE);
        assertThat(LzwDecoder.decode(packed, 1 << 20)).isInstanceOf(LzwDecoder.Result.Plain.class);
    }

    @Test
    void anyBytesGiveAnAnswer() {
        Random random = Seed.random();
        for (int i = 0; i < 20_000; i++) {
            Octets hostile = Octets.wrap(Seed.bytes(random, random.nextInt(400)));
            LzwDecoder.Result result = LzwDecoder.decode(hostile, 5_000);
            if (result instanceof LzwDecoder.Result.Plain plain) {
                assertThat(plain.plain().length()).as(Seed.hint()).isLessThanOrEqualTo(5_000);
            }
        }
    }

    private static Octets encode(byte[] plain) {
        return Octets.wrap(LzwEncoder.encode(plain, 0, plain.length));
    }

    private static LzwDecoder.Result plain(String hex) {
        return new LzwDecoder.Result.Plain(Octets.hex(hex));
    }

    /** Packs single codes, least significant bit first. */
    private static final class Codes {
        private final BitSet bits = new BitSet();
        private int count;

        void write(int code, int width) {
            for (int i = 0; i < width; i++) {
                bits.set(count++, ((code >> i) & 1) == 1);
            }
        }

        Octets bytes() {
            byte[] bytes = new byte[(count + 7) / 8];
            for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
                bytes[i / 8] |= (byte) (1 << (i % 8));
            }
            return Octets.wrap(bytes);
        }
    }
}
