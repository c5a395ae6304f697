package io.sotto.bench.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Many who send one request each and wait for what comes, on one thread. Not safe to share. */
final class ManyWaiting implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int TICK_MILLIS = 100;

    private final Selector selector;
    private final List<Waiting> all = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /** One of them. */
    private static final class Waiting {
        private final StringBuilder come = new StringBuilder();
        private boolean isClosed;
    }

    private ManyWaiting(Selector selector) {
        this.selector = selector;
    }

    /** Connects so many and sends the request of each. */
    static ManyWaiting start(int count, String host, int port, String path) throws IOException {
        ManyWaiting waiting = new ManyWaiting(Selector.open());
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
            ByteBuffer bytes = ByteBuffer.wrap(request);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.configureBlocking(false);
            Waiting each = new Waiting();
            waiting.all.add(each);
            channel.register(waiting.selector, SelectionKey.OP_READ, each);
        }
        return waiting;
    }

    /** Reads until everybody has what {@code enough} looks for, or time is over; gives how many have it. */
    int await(Predicate<String> enough, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        int have = having(enough);
        while (have < all.size() && System.nanoTime() < deadline) {
            read();
            have = having(enough);
        }
        return have;
    }

    /** Reads what comes in this time. */
    void read(Duration time) throws IOException {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            read();
        }
    }

    /** Forgets what has come so far. */
    void forget() {
        all.forEach(each -> each.come.setLength(0));
    }

    /** How many connections have ended. */
    int closed() {
        return (int) all.stream().filter(each -> each.isClosed).count();
    }

    private int having(Predicate<String> enough) {
        return (int)
                all.stream().filter(each -> enough.test(each.come.toString())).count();
    }

    private void read() throws IOException {
        selector.select(TICK_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            Waiting waiting = (Waiting) key.attachment();
            buffer.clear();
            int read;
            try {
                read = ((SocketChannel) key.channel()).read(buffer);
            } catch (IOException reset) {
                read = -1;
            }
            if (read < 0) {
                waiting.isClosed = true;
                key.cancel();
            } else {
                waiting.come.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
