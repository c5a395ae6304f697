package io.sotto.rpc.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where links get their sockets from: the machine, or a simulation. For any thread. */
public interface LinkSockets {
    /**
     * A socket that is to be connected.
     *
     * @param from the address to dial from; empty for any
     * @throws IOException if the address is not ours, or nothing is left to open one with
     */
    LinkSocket open(Optional<InetSocketAddress> from) throws IOException;

    /**
     * Listens.
     *
     * @param address port 0 takes a free one
     * @throws IOException if the address cannot be had
     */
    Port listen(InetSocketAddress address, Door door) throws IOException;

    /** A port that is listened on. */
    interface Port {
        InetSocketAddress address();

        /** Takes no more; {@link Door#closed} follows. */
        void close();
    }

    /** Who takes what comes to a port; on the port's thread, so nothing may block. */
    interface Door {
        void accepted(LinkSocket socket, InetSocketAddress source);

        /** There was one, but it cannot be taken now. */
        void failed(InetSocketAddress port, IOException why);

        /** There will be no more. */
        void closed();
    }
}
