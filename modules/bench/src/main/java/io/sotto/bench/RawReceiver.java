package io.sotto.bench;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The limit of the datagram path: one thread that receives, opens with one kept JDK cipher into one kept array, and decodes
 * each message, with nothing around it. It believes all that it reads.
 */
public final class RawReceiver {
    private static final byte COMPOUND = 7;
    private static final int DATAGRAM_MAX_BYTES = 65_536;

    private final AtomicLong handled = new AtomicLong();
    private final DatagramChannel channel;
    private final BareCipher cipher = new BareCipher(FloodPackets.key());
    private final Limits limits = Limits.defaults();
    private final byte[] sealed = new byte[DATAGRAM_MAX_BYTES];
    private final byte[] plain = new byte[DATAGRAM_MAX_BYTES];
    private long decoded;

    private RawReceiver(DatagramChannel channel) throws GeneralSecurityException {
        this.channel = channel;
    }

    /** Takes no arguments; ends with its input. */
    public static void main(String[] arguments) throws Exception {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 2 << 20);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RawReceiver receiver = new RawReceiver(channel);
        Thread loop = new Thread(receiver::loop, "raw");
        loop.setDaemon(true);
        loop.start();
        new FloodReceiver(() -> FloodPackets.MEMBERS, receiver.handled::get, receiver.handled::get)
                .answer(((InetSocketAddress) channel.getLocalAddress()).getPort());
    }

    private void loop() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_MAX_BYTES);
        try {
            while (true) {
                buffer.clear();
                channel.receive(buffer);
                int length = buffer.flip().remaining();
                buffer.get(sealed, 0, length);
                take(cipher.open(sealed, length, plain));
                handled.lazySet(handled.getPlain() + 1);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the raw loop ended after " + decoded + " messages", e);
        }
    }

    private void take(int length) {
        if (plain[0] != COMPOUND) {
            decode(0, length);
            return;
        }
        int count = plain[1] & 0xff;
        int at = 2 + 2 * count;
        for (int i = 0; i < count; i++) {
            int part = ((plain[2 + 2 * i] & 0xff) << 8) | (plain[3 + 2 * i] & 0xff);
            decode(at, part);
            at += part;
        }
    }

    private void decode(int at, int length) {
        if (SwimCodec.decode(Octets.wrap(plain, at, length), limits) instanceof Decoded.Message) {
            decoded++;
        }
    }
}
