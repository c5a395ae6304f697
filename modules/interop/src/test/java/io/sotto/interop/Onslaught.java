package io.sotto.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/** Many connections to one address from one thread; what the other side says on them is thrown away. */
final class Onslaught {
    /** One connection. */
    interface Attacker {
        /** It is open. */
        void connected() throws IOException;

        /** It was closed, or could not be opened. */
        void closed();
    }

    private final InetSocketAddress target;
    private final Selector selector = Selector.open();
    private final ByteBuffer trash = ByteBuffer.allocate(16 << 10);

    private record Connection(SocketChannel channel, Attacker attacker) {}

    Onslaught(InetSocketAddress target) throws IOException {
        this.target = target;
    }

    /** Opens one, from this address if there is one. */
    void open(Optional<String> from, Function<SocketChannel, Attacker> who) throws IOException {
        SocketChannel channel = SocketChannel.open();
        Attacker attacker = who.apply(channel);
        try {
            channel.configureBlocking(false);
            if (from.isPresent()) {
                channel.bind(new InetSocketAddress(from.get(), 0));
            }
            boolean connected = channel.connect(target);
            channel.register(
                    selector,
                    connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
                    new Connection(channel, attacker));
            if (connected) {
                attacker.connected();
            }
        } catch (IOException e) {
            close(channel, attacker);
        }
    }

    /** Waits at most this long for something to happen, and sees to all that did. */
    void proceed(long millis) throws IOException {
        selector.select(millis);
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            ready((Connection) key.attachment(), key);
        }
    }

    private void ready(Connection connection, SelectionKey key) {
        SocketChannel channel = connection.channel;
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                connection.attacker.connected();
            } else if (key.isReadable() && channel.read(trash.clear()) < 0) {
                close(channel, connection.attacker);
            }
        } catch (IOException e) {
            close(channel, connection.attacker);
        }
    }

    /** Closes it and tells so. */
    static void close(SocketChannel channel, Attacker attacker) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        attacker.closed();
    }
}
