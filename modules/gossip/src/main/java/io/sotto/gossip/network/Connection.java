package io.sotto.gossip.network;

import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * One TCP connection, in chunks of bytes.
 *
 * <p>At most one read and one write may be under way at a time. Stages complete on a thread of the network, so a caller
 * with more than a few microseconds of work to do names an executor of its own. Memory: one chunk per read under way.
 */
public interface Connection extends AutoCloseable {
    InetSocketAddress local();

    InetSocketAddress remote();

    /** The next bytes, at least one; or none, when the peer has finished sending. Fails once the connection is closed. */
    CompletionStage<Octets> read();

    /** Writes all of {@code bytes}. Fails once the connection is closed. */
    CompletionStage<Done> write(Octets bytes);

    /** Says that nothing more will be written; reading goes on. */
    void finish();

    /** Closes both directions at once; reads and writes under way fail. Closing twice does nothing. */
    @Override
    void close();
}
