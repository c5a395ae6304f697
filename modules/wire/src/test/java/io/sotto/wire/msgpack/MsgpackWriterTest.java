package io.sotto.wire.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import org.junit.jupiter.api.Test;

class MsgpackWriterTest {
    @Test
    void integersTakeTheirShortestUnsignedForm() {
        assertThat(unsigned(127)).isEqualTo("7f");
        assertThat(unsigned(128)).isEqualTo("cc80");
        assertThat(unsigned(256)).isEqualTo("cd0100");
        assertThat(unsigned(65_536)).isEqualTo("ce00010000");
        assertThat(unsigned(1L << 32)).isEqualTo("cf0000000100000000");
        assertThat(unsigned(-1)).as("2^64 - 1").isEqualTo("cfffffffffffffffff");
    }

    @Test
    void negativeNumbersTakeTheirShortestSignedForm() {
        assertThat(signed(-1)).isEqualTo("ff");
        assertThat(signed(-32)).isEqualTo("e0");
        assertThat(signed(-33)).isEqualTo("d0df");
        assertThat(signed(-129)).isEqualTo("d1ff7f");
        assertThat(signed(-32_769)).isEqualTo("d2ffff7fff");
        assertThat(signed(Long.MIN_VALUE)).isEqualTo("d38000000000000000");
        assertThat(signed(200)).as("as an unsigned one").isEqualTo("ccc8");
    }

    @Test
    void textAndBytesShareTheOldRawFamily() {
        assertThat(raw(31)).startsWith("bf");
        assertThat(raw(32)).startsWith("da0020");
        assertThat(raw(65_535)).startsWith("daffff");
        assertThat(raw(65_536)).startsWith("db00010000");
        assertThat(new MsgpackWriter(0).text("é").toOctets().toHex()).isEqualTo("a2c3a9");
        assertThat(new MsgpackWriter(0).bytesOrNil(Octets.empty()).toOctets().toHex())
                .isEqualTo("c0");
    }

    @Test
    void containersGrowTheirHeaders() {
        assertThat(new MsgpackWriter(0).map(15).list(15).toOctets().toHex()).isEqualTo("8f9f");
        assertThat(new MsgpackWriter(0).map(16).list(16).toOctets().toHex()).isEqualTo("de0010dc0010");
        assertThat(new MsgpackWriter(0).map(65_536).list(65_536).toOctets().toHex())
                .isEqualTo("df00010000dd00010000");
    }

    @Test
    void doublesAlwaysTakeEightBytes() {
        assertThat(new MsgpackWriter(0).float64(1).toOctets().toHex()).isEqualTo("cb3ff0000000000000");
    }

    private static String unsigned(long value) {
        return new MsgpackWriter(0).unsigned(value).toOctets().toHex();
    }

    private static String signed(long value) {
        return new MsgpackWriter(0).signed(value).toOctets().toHex();
    }

    private static String raw(int length) {
        return new MsgpackWriter(0)
                .bytes(Octets.wrap(new byte[length]))
                .toOctets()
                .toHex();
    }
}
