package io.sotto.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * A program that besieges an RPC port until it is killed: connections that send nothing, from {@value #ADDRESSES} addresses
 * of the loopback network, all at once; then, from {@value #SHAKERS} others and without end, TLS handshakes that stop after
 * their first flight.
 *
 * <p>Prints {@code opened} once all idle connections have been opened, and {@code gone} once the other side has closed the
 * last of them. Arguments: port, idle, half handshakes a second.
 */
final class RpcBesieger {
    private static final int ADDRESSES = 100;
    private static final int SHAKERS = 50;
    private static final int AT_ONCE = 200;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Onslaught onslaught;
    private final int halfPerSecond;
    private final byte[] flight;
    private int unopened;
    private int idle;
    private int shakes;

    /** Says nothing. */
    private final class Idler implements Onslaught.Attacker {
        @Override
        public void connected() {
            // It waits to be closed.
        }

        @Override
        public void closed() {
            idle--;
        }
    }

    /** Stops after the first flight of its handshake. */
    private final class Shaker implements Onslaught.Attacker {
        private final SocketChannel channel;

        Shaker(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void connected() throws IOException {
            channel.write(ByteBuffer.wrap(flight));
        }

        @Override
        public void closed() {
            // Others come.
        }
    }

    private RpcBesieger(InetSocketAddress target, int idle, int halfPerSecond) throws Exception {
        this.onslaught = new Onslaught(target);
        this.unopened = idle;
        this.halfPerSecond = halfPerSecond;
        this.flight = flight();
    }

    public static void main(String[] args) throws Exception {
        var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        new RpcBesieger(target, Integer.parseInt(args[1]), Integer.parseInt(args[2])).run();
    }

    /** The type byte for TLS and a hello. */
    private static byte[] flight() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() + 1)
                .put((byte) 3);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private void run() throws IOException {
        boolean saidOpened = false;
        boolean saidGone = false;
        long nextShake = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            for (int i = 0; i < AT_ONCE && unopened > 0; i++) {
                idle++;
                onslaught.open(Optional.of("127.0.1." + (1 + unopened % ADDRESSES)), channel -> new Idler());
                unopened--;
            }
            if (unopened == 0 && !saidOpened) {
                saidOpened = true;
                nextShake = now;
                System.out.println("opened");
            }
            if (saidOpened && idle == 0 && !saidGone) {
                saidGone = true;
                System.out.println("gone");
            }
            while (saidOpened && nextShake <= now) {
                onslaught.open(Optional.of("127.0.2." + (1 + shakes++ % SHAKERS)), Shaker::new);
                nextShake += SECOND_NANOS / halfPerSecond;
            }
            onslaught.proceed(1);
        }
    }
}
