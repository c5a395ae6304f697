package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two ends of TLS without sockets. */
final class TlsCoreTest {
    private final LinkBuffers memory = new LinkBuffers();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private TlsCore here;
    private TlsCore there;

    @BeforeEach
    void shakeHands() throws Exception {
        TestTls tls = new TestTls();
        there = new TlsCore(tls.server(1, TestTls::verified).accept(List.of()));
        here = new TlsCore(tls.client(2, TestTls::verified).dial(PeerRole.SERVER));
        there.lend(memory);
        here.lend(memory);
        here.begin();
        while (here.hasOutput() || there.hasOutput()) {
            byte[] out = bytes(here.takeOutput());
            there.receive(out, 0, out.length, heard::write, () -> false);
            byte[] back = bytes(there.takeOutput());
            here.receive(back, 0, back.length, heard::write, () -> false);
        }
        assertThat(there.isEstablished()).isTrue();
        heard.reset();
    }

    @Test
    void afterEachRecordItsOwnerMayDoSomethingElseFirst() {
        byte[] first = sealed(new byte[] {1});
        byte[] second = sealed(new byte[] {2, 3});
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        int taken = there.receive(both, 0, both.length, heard::write, () -> true);
        assertThat(taken).isEqualTo(first.length);
        assertThat(heard.toByteArray()).containsExactly(1);
        taken += there.receive(both, taken, both.length - taken, heard::write, () -> true);
        assertThat(taken).isEqualTo(both.length);
        assertThat(heard.toByteArray()).containsExactly(1, 2, 3);
    }

    /** What has less than a record is kept, so that whoever asks again always gets on. */
    @Test
    void howeverItIsCutAndInterruptedNothingIsLostOrHeldUp() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] words = new byte[1 + random.nextInt(i % 10 == 0 ? 40_000 : 300)];
            random.nextBytes(words);
            said.writeBytes(words);
            wire.writeBytes(sealed(words));
        }
        byte[] bytes = wire.toByteArray();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 50 : 30_000));
            while (from < to) {
                int taken = there.receive(bytes, from, to - from, heard::write, random::nextBoolean);
                assertThat(taken).as("seed %d, at %d", seed, from).isPositive();
                from += taken;
            }
        }
        assertThat(heard.toByteArray()).as("seed %d", seed).isEqualTo(said.toByteArray());
    }

    @Test
    void afterTheEndAllIsTakenAndIgnored() {
        byte[] record = sealed(new byte[] {1});
        record[record.length - 1] ^= 1;
        byte[] more = Arrays.copyOf(record, record.length + 100);
        assertThat(there.receive(more, 0, more.length, heard::write, () -> true))
                .isEqualTo(more.length);
        assertThat(there.end()).isPresent();
        assertThat(there.receive(more, 0, more.length, heard::write, () -> true))
                .isEqualTo(more.length);
        assertThat(heard.size()).isZero();
    }

    private byte[] sealed(byte[] words) {
        return bytes(here.seal(ByteBuffer.wrap(words)));
    }

    /** Takes what was put together out of the lent memory. */
    private byte[] bytes(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        memory.out(0);
        return bytes;
    }
}
