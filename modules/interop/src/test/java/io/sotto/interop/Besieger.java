package io.sotto.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

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
    /** Stands for the last byte of an address where that is not chosen. */
    private static final int SLOW = 0;

    /** How a push/pull begins whose header never ends. */
    private static final byte[] REQUEST = {6, (byte) 0x83, (byte) 0xa5, 'N', 'o', 'd', 'e', 's', 1};

    private final Onslaught onslaught;
    private final Deque<Integer> closed = new ArrayDeque<>();
    private final Deque<Dripper> dripping = new ArrayDeque<>();
    private int unopened;
    private int untried;

    /** Says nothing; comes from an address that ends with this. */
    private class Idler implements Onslaught.Attacker {
        private final int source;

        Idler(int source) {
            this.source = source;
        }

        @Override
        public void connected() {
            // It waits to be closed.
        }

        @Override
        public void closed() {
            closed.add(source);
        }
    }

    /** Says a byte from time to time. */
    private final class Dripper extends Idler {
        private final SocketChannel channel;
        private int sent;
        private long nextByteNanos;

        Dripper(SocketChannel channel) {
            super(SLOW);
            this.channel = channel;
        }

        @Override
        public void connected() {
            nextByteNanos = System.nanoTime();
            dripping.addFirst(this);
        }
    }

    private Besieger(InetSocketAddress target, int idle, int slow) throws IOException {
        this.onslaught = new Onslaught(target);
        for (int i = 0; i < idle; i++) {
            closed.add(1 + i % ADDRESSES);
        }
        for (int i = 0; i < slow; i++) {
            closed.add(SLOW);
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
            onslaught.proceed(unopened > 0 ? 1 : 10);
        }
    }

    private void open(int source) throws IOException {
        if (source == SLOW) {
            onslaught.open(Optional.empty(), Dripper::new);
        } else {
            onslaught.open(Optional.of("127.0.1." + source), channel -> new Idler(source));
        }
    }

    private void drip(long now) {
        while (!dripping.isEmpty() && dripping.peek().nextByteNanos <= now) {
            Dripper attacker = dripping.remove();
            if (attacker.channel.isConnected()) {
                try {
                    int which = Math.min(attacker.sent++, REQUEST.length - 1);
                    attacker.channel.write(ByteBuffer.wrap(REQUEST, which, 1));
                    attacker.nextByteNanos = now + DRIP_NANOS;
                    dripping.addLast(attacker);
                } catch (IOException e) {
                    Onslaught.close(attacker.channel, attacker);
                }
            }
        }
    }
}
