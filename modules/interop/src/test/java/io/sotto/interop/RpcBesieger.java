package io.sotto.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
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

    private final InetSocketAddress target;
    private final int halfPerSecond;
    private final byte[] flight;
    private final Selector selector = Selector.open();
    private final ByteBuffer trash = ByteBuffer.allocate(16 << 10);
    private int unopened;
    private int idle;
    private int shakes;

    /** One connection; {@code halfHandshake} says of which kind. */
    private record Attacker(SocketChannel channel, boolean halfHandshake) {}

    private RpcBesieger(InetSocketAddress target, int idle, int halfPerSecond) throws Exception {
        this.target = target;
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
                open("127.0.1." + (1 + unopened % ADDRESSES), false);
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
                open("127.0.2." + (1 + shakes++ % SHAKERS), true);
                nextShake += SECOND_NANOS / halfPerSecond;
            }
            selector.select(1);
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                ready((Attacker) key.attachment(), key);
            }
        }
    }

    private void open(String from, boolean halfHandshake) throws IOException {
        Attacker attacker = new Attacker(SocketChannel.open(), halfHandshake);
        idle += halfHandshake ? 0 : 1;
        try {
            attacker.channel.configureBlocking(false);
            attacker.channel.bind(new InetSocketAddress(from, 0));
            boolean connected = attacker.channel.connect(target);
            attacker.channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, attacker);
            if (connected) {
                connected(attacker);
            }
        } catch (IOException e) {
            close(attacker);
        }
    }

    private void ready(Attacker attacker, SelectionKey key) {
        try {
            if (key.isConnectable() && attacker.channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                connected(attacker);
            } else if (key.isReadable() && attacker.channel.read(trash.clear()) < 0) {
                close(attacker);
            }
        } catch (IOException e) {
            close(attacker);
        }
    }

    private void connected(Attacker attacker) throws IOException {
        if (attacker.halfHandshake) {
            attacker.channel.write(ByteBuffer.wrap(flight));
        }
    }

    private void close(Attacker attacker) {
        try {
            attacker.channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        idle -= attacker.halfHandshake ? 0 : 1;
    }
}
