package io.sotto.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireTextTest {
    private static final int[] ALPHABET = {
        0x00, 0x41, 0x7f, 0x80, 0xb2, 0xc0, 0xc3, 0xa9, 0xe2, 0x9c, 0x93, 0xed, 0xf0, 0x9f, 0x98, 0x80, 0xf4, 0x90,
        0xf5, 0xff
    };

    @Test
    void anyBytesSurviveTheWayToAStringAndBack() {
        Random random = Seed.random();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) ALPHABET[random.nextInt(ALPHABET.length)];
            }
            Octets octets = Octets.copyOf(bytes);
            String text = WireText.decode(octets);
            assertThat(WireText.encode(text)).as(Seed.hint()).isEqualTo(octets);
            assertThat(WireText.encodedLength(text)).as(Seed.hint()).isEqualTo(bytes.length);
        }
    }

    @Test
    void wellFormedUtf8ReadsAsItsText() {
        for (String text :
                new String[] {"", "node-1", "é", "ключ ✓", "\u0000", "\uffff", "😀 and 😀", "a\u07ffb\u0800"}) {
            assertThat(WireText.decode(Octets.utf8(text))).isEqualTo(text);
            assertThat(WireText.encode(text)).isEqualTo(Octets.utf8(text));
        }
    }

    @Test
    void whatIsNoUtf8BecomesLoneSurrogatesByteByByte() {
        assertThat(WireText.decode(Octets.hex("61ff62"))).isEqualTo("a\udcffb");
        assertThat(WireText.decode(Octets.hex("c3"))).isEqualTo("\udcc3");
        assertThat(WireText.decode(Octets.hex("c080"))).as("overlong").isEqualTo("\udcc0\udc80");
        assertThat(WireText.decode(Octets.hex("edb280"))).as("a surrogate").isEqualTo("\udced\udcb2\udc80");
        assertThat(WireText.decode(Octets.hex("f4908080"))).as("beyond Unicode").hasSize(4);
    }

    @Test
    void surrogatesThatNoBytesStandForBecomeQuestionMarks() {
        assertThat(WireText.encode("a\ud800b\udc7f"))
                .isEqualTo(Octets.copyOf("a?b?".getBytes(StandardCharsets.US_ASCII)));
    }
}
