package io.sotto.rpc.link;

import io.sotto.rpc.loop.SelectorLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A TCP socket of this machine, on a {@link SelectorLoop} or between two of them. */
final class MachineSocket implements LinkSocket {
    private final SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer unsent;
    private boolean hasSent;
    private boolean inputEnded;

    private MachineSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * A socket that is to be connected.
     *
     * @param from the address to dial from; empty for any
     * @throws IOException if the address is not ours, or no descriptor is left
     */
    static MachineSocket open(Optional<InetSocketAddress> from) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            prepare(channel);
            if (from.isPresent()) {
                channel.bind(from.get());
            }
            return new MachineSocket(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** One that was accepted. */
    static MachineSocket accepted(SocketChannel channel) throws IOException {
        prepare(channel);
        return new MachineSocket(channel);
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    @Override
    public void enter(Runnable ready) throws IOException {
        key = SelectorLoop.current().register(channel, () -> {
            // Told once, and looked at again after the next rest.
            ask(0);
            ready.run();
        });
    }

    @Override
    public void leave() {
        SelectionKey known = key;
        if (known != null) {
            known.cancel();
            key = null;
        }
    }

    @Override
    public boolean connect(InetSocketAddress to) throws IOException {
        boolean isThere = channel.connect(to);
        if (!isThere) {
            ask(SelectionKey.OP_CONNECT);
        }
        return isThere;
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean finishConnect() throws IOException {
        boolean isThere = channel.finishConnect();
        if (!isThere) {
            ask(SelectionKey.OP_CONNECT);
        }
        return isThere;
    }

    @Override
    public int read(byte[] target) throws IOException {
        int count = channel.read(ByteBuffer.wrap(target));
        if (count < 0) {
            inputEnded = true;
        }
        return count;
    }

    @Override
    public boolean hasInputEnded() {
        return inputEnded;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = push(bytes);
        if (bytes.hasRemaining()) {
            unsent = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        }
        return count;
    }

    @Override
    public int writeKept() throws IOException {
        ByteBuffer kept = unsent;
        if (kept == null) {
            return 0;
        }
        int count = push(kept);
        if (!kept.hasRemaining()) {
            unsent = null;
        }
        return count;
    }

    @Override
    public boolean isBlocked() {
        return unsent != null;
    }

    @Override
    public boolean hasSent() {
        return hasSent;
    }

    @Override
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void rest(boolean takesInput, boolean wantsRoom) {
        ask((takesInput && !inputEnded ? SelectionKey.OP_READ : 0) | (wantsRoom ? SelectionKey.OP_WRITE : 0));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private int push(ByteBuffer bytes) throws IOException {
        int count = channel.write(bytes);
        hasSent |= count > 0;
        return count;
    }

    private void ask(int operations) {
        SelectionKey known = key;
        if (known != null && known.isValid() && known.interestOps() != operations) {
            known.interestOps(operations);
        }
    }
}
