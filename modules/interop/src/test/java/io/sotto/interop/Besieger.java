package io.sotto.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * A program that besieges a gossip port until it is killed: connections that send nothing, from {@value #ADDRESSES}
 * addresses of the loopback network, and connections that send one byte every 3 s, from 127.0.0.1. The first
 * kind is opened all at once; then the second, and again each one that the other side closed, at {@value #PER_SECOND} a
 * second.
 *
 * <p>Prints {@code opened} once every connection has been opened for the first time. Arguments: port, idle, slow.
 */
final class Besieger {
    private static final int ADDRESSES = 100;
    private static final int PER_SECOND = 500;
    private static final long DRIP_NANOS = 3_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int AT_ONCE = 200;

    /** How a push/pull begins whose header never ends. */
    private static final byte[] REQUEST = {6, (byte) 0x83, (byte) 0xa5, 'N', 'o', 'd', 'e', 's', 1};

    private final InetSocketAddress target;
    private final Selector selector = Selector.open();
    private final Deque<Integer> closed = new ArrayDeque<>();
    private final Deque<Attacker> dripping = new ArrayDeque<>();
    private final ByteBuffer trash = ByteBuffer.allocate(64);
    private int unopened;
    private int untried;

    /** One of the connections; {@code source} is the last byte of its address, or 0 for the slow ones. */
    private static final class Attacker {
        private final int source;
        private final SocketChannel channel;
        private int sent;
        private long nextByteNanos;

        Attacker(int source, SocketChannel channel) {
            this.source = source;
            this.channel = channel;
        }
    }

    private Besieger(InetSocketAddress target, int idle, int slow) throws IOException {
        this.target = target;
        for (int i = 0; i < idle; i++) {
            closed.add(1 + i % ADDRESSES);
        }
        for (int i = 0; i < slow; i++) {
            closed.add(0);
        }
        unopened = idle;
        untried = idle + slow;
    }

    public static void main(String[] args) throws IOException {
        var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        new Besieger(target, Integer.parseInt(args[1]), Integer.parseInt(args[2])).run();
    }

    private void run() throws IOException {
        long againNanos = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            if (unopened > 0) {
                for (int i = 0; i < AT_ONCE && unopened > 0; i++) {
                    open(closed.remove());
                    unopened--;
                    untried--;
                }
                againNanos = now;
            } else {
                while (!closed.isEmpty() && againNanos <= now) {
                    open(closed.remove());
                    if (--untried == 0) {
                        System.out.println("opened");
                    }
                    againNanos = Math.max(againNanos + SECOND_NANOS / PER_SECOND, now - SECOND_NANOS / 10);
                }
            }
            drip(now);
            selector.select(unopened > 0 ? 1 : 10);
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                ready((Attacker) key.attachment(), key);
            }
        }
    }

    private void open(int source) throws IOException {
        Attacker attacker = new Attacker(source, SocketChannel.open());
        try {
            attacker.channel.configureBlocking(false);
            if (attacker.source > 0) {
                attacker.channel.bind(new InetSocketAddress("127.0.1." + attacker.source, 0));
            }
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

    private void connected(Attacker attacker) {
        if (attacker.source == 0) {
            attacker.nextByteNanos = System.nanoTime();
            dripping.addFirst(attacker);
        }
    }

    private void drip(long now) {
        while (!dripping.isEmpty() && dripping.peek().nextByteNanos <= now) {
            Attacker attacker = dripping.remove();
            if (attacker.channel.isConnected()) {
                try {
                    int which = Math.min(attacker.sent++, REQUEST.length - 1);
                    attacker.channel.write(ByteBuffer.wrap(REQUEST, which, 1));
                    attacker.nextByteNanos = now + DRIP_NANOS;
                    dripping.addLast(attacker);
                } catch (IOException e) {
                    close(attacker);
                }
            }
        }
    }

    private void close(Attacker attacker) {
        try {
            attacker.channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        closed.add(attacker.source);
    }
}
