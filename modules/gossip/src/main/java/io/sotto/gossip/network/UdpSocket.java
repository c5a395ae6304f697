package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One datagram socket and its channel thread, which drains it into batches and does nothing else.
 *
 * <p>The thread sleeps in the selector until something arrives, then reads until the socket is empty or the batch is full,
 * and hands the batch over. Each datagram is copied once, into an array of its own size. A receiver without room is given a
 * moment to catch up, in which the kernel drops what is too much: that costs this process nothing. In a burst the thread
 * sleeps a tenth of a millisecond between two looks instead of being woken for every few datagrams. Source: performance notes,
 * "Datagrams".
 */
final class UdpSocket {
    /** No datagram is longer, so none is ever cut short unnoticed. */
    private static final int LARGEST_DATAGRAM_BYTES = 65_536;

    private static final long BREATHER_NANOS = 1_000_000;
    /** So many at once are no gossip of an ordinary pool: they are a burst or a flood. */
    private static final int THICK = 4;
    /** Far below any timeout of gossip, and short enough that the kernel's buffer holds what comes meanwhile. */
    private static final long GATHER_NANOS = 100_000;

    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress local;
    private final int batchMax;
    private volatile @Nullable DatagramReceiver receiver;
    private volatile boolean closed;
    private boolean started;

    private UdpSocket(DatagramChannel channel, Selector selector, InetSocketAddress local, int batchMax) {
        this.channel = channel;
        this.selector = selector;
        this.local = local;
        this.batchMax = batchMax;
    }

    static UdpSocket bind(InetSocketAddress address, NetworkSettings settings) throws IOException {
        // An IPv4 socket for an IPv4 address: 0.0.0.0 then means what the operator wrote, not "IPv6 as well".
        ProtocolFamily family = address.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
            channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.sendBufferBytes());
            channel.bind(address);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new UdpSocket(channel, selector, (InetSocketAddress) channel.getLocalAddress(), settings.batchMax());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    synchronized void receive(DatagramReceiver newReceiver) {
        receiver = newReceiver;
        if (!started) {
            started = true;
            Thread thread = new Thread(this::drain, "sotto-udp-" + local.getPort());
            thread.setDaemon(true);
            thread.start();
        }
    }

    boolean send(InetSocketAddress to, Octets bytes) {
        try {
            return channel.send(bytes.asReadOnlyBuffer(), to) == bytes.length();
        } catch (IOException | RuntimeException e) {
            // Unreachable network, a closed channel, an address of the other family: to the sender all are loss.
            return false;
        }
    }

    void close() {
        closed = true;
        try {
            selector.close();
        } catch (IOException e) {
            // Nothing can be done about it, and the channel still has to be closed.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }

    private void drain() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM_BYTES);
        try {
            while (!closed) {
                selector.select();
                selector.selectedKeys().clear();
                // While datagrams come thick, the next ones are let gather: waking for each costs more than taking it.
                while (drainOnce(buffer) >= THICK && !closed) {
                    LockSupport.parkNanos(GATHER_NANOS);
                }
            }
        } catch (ClosedSelectorException e) {
            // close() was called: the end that was asked for.
        } catch (IOException | RuntimeException | Error e) {
            DatagramReceiver told = receiver;
            if (!closed && told != null) {
                told.lost(e);
            }
        }
    }

    /** Reads until the socket is empty; gives how many datagrams it held. */
    private int drainOnce(ByteBuffer buffer) throws IOException {
        int total = 0;
        List<Datagram> batch;
        do {
            batch = readBatch(buffer);
            if (!batch.isEmpty()) {
                handOver(batch);
                total += batch.size();
            }
        } while (batch.size() == batchMax);
        return total;
    }

    private List<Datagram> readBatch(ByteBuffer buffer) throws IOException {
        List<Datagram> batch = new ArrayList<>(4);
        while (batch.size() < batchMax) {
            buffer.clear();
            InetSocketAddress source = (InetSocketAddress) channel.receive(buffer);
            if (source == null) {
                break;
            }
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            batch.add(new Datagram(source, Octets.wrap(bytes)));
        }
        return batch;
    }

    private void handOver(List<Datagram> batch) {
        DatagramReceiver told = receiver;
        if (told != null && !told.receive(batch)) {
            LockSupport.parkNanos(BREATHER_NANOS);
        }
    }
}
