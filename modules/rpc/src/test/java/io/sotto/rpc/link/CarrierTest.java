package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What waits to be said, in records, and what came in them. */
final class CarrierTest {
    /** In front of each record: type, version and length. Source: RFC 8446, section 5.1. */
    private static final int RECORD_HEADER = 5;

    private final Carrier here = new Carrier();
    private final Carrier there = new Carrier();
    private final Words ours = new Words();
    private final Words theirs = new Words();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    /** Words that wait. */
    private static final class Words implements Carrier.Speech {
        private ByteBuffer waiting = ByteBuffer.allocate(0);

        void say(int count) {
            waiting = ByteBuffer.allocate(count);
        }

        @Override
        public int outputLength() {
            return waiting.remaining();
        }

        @Override
        public ByteBuffer output() {
            return waiting.duplicate();
        }

        @Override
        public void skipOutput(int count) {
            waiting.position(waiting.position() + count);
        }
    }

    @BeforeEach
    void shakeHands() throws Exception {
        TestTls tls = new TestTls();
        there.startTls(tls.server(1, TestTls::verified).accept(List.of()));
        here.startTls(tls.client(2, TestTls::verified).dial(PeerRole.SERVER));
        for (byte[] out = taken(here); out.length > 0; out = taken(here)) {
            there.receive(out, 0, out.length, heard::write);
            byte[] back = taken(there);
            here.receive(back, 0, back.length, heard::write);
        }
        here.speak(ours);
        there.speak(theirs);
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({"1, 1", "4095, 1", "4096, 2", "16384, 2", "16385, 2", "40000, 3", "65536, 5"})
    void whatTakesTheOtherEndAWhileGoesInRecordsThatItCanBeginWith(int bytes, int records) {
        ours.say(bytes);
        byte[] out = taken(here);
        assertThat(records(out)).isEqualTo(records);
        there.receive(out, 0, out.length, heard::write);
        assertThat(heard.size()).isEqualTo(bytes);
    }

    @Test
    void whoHasMuchToSayIsHeardBeforeTheNextRecordIsOpened() {
        ours.say(8_000);
        byte[] out = taken(here);
        theirs.say(4_096);
        int first = there.receive(out, 0, out.length, heard::write);
        assertThat(heard.size()).isEqualTo(4_000);
        assertThat(taken(there)).isNotEmpty();
        assertThat(first + there.receive(out, first, out.length - first, heard::write))
                .isEqualTo(out.length);
        assertThat(heard.size()).isEqualTo(8_000);
    }

    @Test
    void whoHasLittleToSayFirstListensToTheEnd() {
        ours.say(8_000);
        byte[] out = taken(here);
        theirs.say(4_095);
        assertThat(there.receive(out, 0, out.length, heard::write)).isEqualTo(out.length);
        assertThat(heard.size()).isEqualTo(8_000);
    }

    private static int records(byte[] wire) {
        int count = 0;
        for (int at = 0; at < wire.length; count++) {
            at += RECORD_HEADER + (wire[at + 3] & 0xff) * 256 + (wire[at + 4] & 0xff);
        }
        return count;
    }

    private static byte[] taken(Carrier carrier) {
        ByteBuffer out = carrier.takeOutput();
        byte[] bytes = new byte[out == null ? 0 : out.remaining()];
        if (out != null) {
            out.get(bytes);
        }
        return bytes;
    }
}
