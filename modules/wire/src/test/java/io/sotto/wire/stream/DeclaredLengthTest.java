package io.sotto.wire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No memory is taken for a length that was only declared. */
class DeclaredLengthTest {
    private static final long ALLOWED_BYTES = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aFrameOfTwentyMebibytes() {
        assertAwaitedWithoutMemory(Octets.hex("0a01400000"), Optional.of(Keyring.of(GossipKey.of(new byte[16]))));
    }

    @Test
    void aPushPullOfAMillionRecordsAndTwentyMebibytesOfUserState() {
        assertAwaitedWithoutMemory(
                new MsgpackWriter(0)
                        .octet(6)
                        .map(2)
                        .key("Nodes")
                        .signed(1 << 20)
                        .key("UserStateLen")
                        .signed(20 << 20)
                        .toOctets(),
                Optional.empty());
    }

    @Test
    void aUserMessageOfTwentyMebibytes() {
        assertAwaitedWithoutMemory(
                new MsgpackWriter(0)
                        .octet(8)
                        .map(1)
                        .key("UserMsgLen")
                        .signed(20 << 20)
                        .octet(1)
                        .toOctets(),
                Optional.empty());
    }

    @Test
    void aCompressedMessageOfNineteenMebibytes() {
        assertAwaitedWithoutMemory(
                new MsgpackWriter(0)
                        .octet(9)
                        .map(1)
                        .key("Buf")
                        .append(Octets.hex("db01300000"))
                        .toOctets(),
                Optional.empty());
    }

    private static void assertAwaitedWithoutMemory(Octets bytes, Optional<Keyring> ring) {
        StreamPolicy policy = new StreamPolicy(ring, true, true, Octets.empty(), false, false);
        StreamReader reader = new StreamReader(StreamRole.REQUEST, policy, Limits.defaults(), new Opener());
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        StreamProgress progress = reader.feed(bytes);
        long taken = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(progress).isEqualTo(StreamProgress.NeedMore.INSTANCE);
        assertThat(taken).isLessThan(ALLOWED_BYTES);
    }
}
