package io.sotto.rpc.link;

import io.sotto.rpc.loop.SelectorLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a link on a {@link SelectorLoop}, or between two of them. What the kernel does not take at once is kept, one
 * piece at most; until it has gone nothing else is written. One owner, which may hand it on after {@link #leave}.
 */
final class LinkSocket {
    private final SocketChannel channel;
    private final LinkCounters counters;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer unsent;
    private boolean hasSent;
    private boolean inputEnded;

    private LinkSocket(SocketChannel channel, LinkCounters counters) {
        this.channel = channel;
        this.counters = counters;
    }

    /**
     * A socket that is to be connected.
     *
     * @param from the address to dial from; empty for any
     * @throws IOException if the address is not ours, or no descriptor is left
     */
    static LinkSocket open(Optional<InetSocketAddress> from, LinkCounters counters) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            prepare(channel);
            if (from.isPresent()) {
                channel.bind(from.get());
            }
            return new LinkSocket(channel, counters);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** One that was accepted. */
    static LinkSocket accepted(SocketChannel channel, LinkCounters counters) throws IOException {
        prepare(channel);
        return new LinkSocket(channel, counters);
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    /** From now on this thread's loop tells when there is something to do. */
    void enter(Runnable ready) throws IOException {
        key = SelectorLoop.current().register(channel, () -> {
            // Told once, and looked at again after the next rest.
            ask(0);
            ready.run();
        });
    }

    /** This thread's loop tells nothing more. */
    void leave() {
        SelectionKey known = key;
        if (known != null) {
            known.cancel();
            key = null;
        }
    }

    /** Whether it is connected at once. */
    boolean connect(SocketAddress to) throws IOException {
        boolean isThere = channel.connect(to);
        if (!isThere) {
            ask(SelectionKey.OP_CONNECT);
        }
        return isThere;
    }

    boolean isConnected() {
        return channel.isConnected();
    }

    /** Whether it is connected now; throws why it cannot be. */
    boolean finishConnect() throws IOException {
        boolean isThere = channel.finishConnect();
        if (!isThere) {
            ask(SelectionKey.OP_CONNECT);
        }
        return isThere;
    }

    /** Reads once; returns how many bytes, 0 for none yet, -1 if the peer sends no more. */
    int read(byte[] target) throws IOException {
        int count = channel.read(ByteBuffer.wrap(target));
        if (count < 0) {
            inputEnded = true;
        } else {
            counters.receivedBytes.add(count);
        }
        return count;
    }

    /** Whether {@link #read} has said that the peer sends no more. */
    boolean hasInputEnded() {
        return inputEnded;
    }

    /** Writes bytes, which are lent; what does not go now is kept. Only when nothing is {@link #isBlocked}. */
    void write(ByteBuffer bytes) throws IOException {
        push(bytes);
        if (bytes.hasRemaining()) {
            unsent = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        }
    }

    /** Writes what was kept; whether any of it went. */
    boolean writeKept() throws IOException {
        ByteBuffer kept = unsent;
        if (kept == null) {
            return false;
        }
        int count = push(kept);
        if (!kept.hasRemaining()) {
            unsent = null;
        }
        return count > 0;
    }

    /** Whether something is kept that the kernel does not take. */
    boolean isBlocked() {
        return unsent != null;
    }

    /** Whether anything was ever sent. */
    boolean hasSent() {
        return hasSent;
    }

    /** Tells the peer that nothing follows. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Waits for the peer, if its bytes are welcome, and for room, if there is something to write. */
    void rest(boolean takesInput, boolean wantsRoom) {
        ask((takesInput && !inputEnded ? SelectionKey.OP_READ : 0) | (wantsRoom ? SelectionKey.OP_WRITE : 0));
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private int push(ByteBuffer bytes) throws IOException {
        int count = channel.write(bytes);
        hasSent |= count > 0;
        counters.sentBytes.add(count);
        return count;
    }

    private void ask(int operations) {
        SelectionKey known = key;
        if (known != null && known.isValid() && known.interestOps() != operations) {
            known.interestOps(operations);
        }
    }
}
