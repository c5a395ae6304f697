package io.sotto.bench.fuzz;

import io.sotto.testkit.fuzz.FuzzCase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends datagrams from several loopback addresses, no faster than the target's kernel queue empties: what the kernel drops
 * tests nothing.
 */
final class DatagramSender implements AutoCloseable {
    /** Enough that the agent's rate per source needs no raising. */
    private static final int SOURCES = 40;

    private static final int BURST = 32;
    private static final int BURST_MAX_BYTES = 32 << 10;
    private static final long QUEUE_MAX_BYTES = 64 << 10;
    private static final long PAUSE_NANOS = 100_000;

    private final InetSocketAddress target;
    private final KernelQueue queue;
    private final List<DatagramChannel> sources = new ArrayList<>();
    private int inBurst;
    private int burstBytes;
    private long sent;

    private DatagramSender(InetSocketAddress target) {
        this.target = target;
        this.queue = new KernelQueue(target);
    }

    static DatagramSender open(InetSocketAddress target) throws IOException {
        DatagramSender sender = new DatagramSender(target);
        for (int i = 1; i <= SOURCES; i++) {
            byte[] address = {127, 91, 7, (byte) i};
            DatagramChannel channel = DatagramChannel.open(java.net.StandardProtocolFamily.INET);
            sender.sources.add(channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0)));
        }
        return sender;
    }

    void send(FuzzCase made) throws IOException {
        int size = made.bytes().length();
        if (inBurst == BURST || burstBytes + size > BURST_MAX_BYTES) {
            while (queue.waitingBytes() > QUEUE_MAX_BYTES) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            inBurst = 0;
            burstBytes = 0;
        }
        inBurst++;
        burstBytes += size;
        DatagramChannel source = sources.get((int) (sent % SOURCES));
        if (source.send(made.bytes().asReadOnlyBuffer(), target) != size) {
            throw new IOException("the kernel did not take " + made);
        }
        sent++;
    }

    long sent() {
        return sent;
    }

    /** What the kernel dropped in front of the target. */
    long kernelDrops() throws IOException {
        return queue.drops();
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel source : sources) {
            source.close();
        }
    }
}
