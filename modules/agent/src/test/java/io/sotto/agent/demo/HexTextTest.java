package io.sotto.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import org.junit.jupiter.api.Test;

class HexTextTest {
    @Test
    void dumpsSixteenBytesALineWithTheirCharacters() {
        assertThat(HexText.dump(Octets.utf8("0123456789abcdef\u0001Z")))
                .containsExactly(
                        "0000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef",
                        "0010  01 5a                                            .Z");
    }

    @Test
    void findsTheWordsThatAnyoneCouldRead() {
        assertThat(HexText.words(Octets.utf8("\u0001SeqNo\u0002abcd\u0003Payload")))
                .containsExactly("SeqNo", "Payload");
    }

    @Test
    void nothingHasNoLinesAndNoWords() {
        assertThat(HexText.dump(Octets.empty())).isEmpty();
        assertThat(HexText.words(Octets.empty())).isEmpty();
    }
}
