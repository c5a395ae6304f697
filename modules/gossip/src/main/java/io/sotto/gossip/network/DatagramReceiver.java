package io.sotto.gossip.network;

import java.util.List;

/** Takes the datagrams that a socket received. Called on the network's channel thread: must neither block nor throw. */
public interface DatagramReceiver {
    /**
     * Takes ownership of a batch, in order of arrival.
     *
     * @param batch one datagram or more; the list is not written to afterwards
     * @return whether there was room; when there was none, the batch is lost and counted, and reading on at once would only
     *     take the time that the receiver needs to catch up
     */
    boolean receive(List<Datagram> batch);

    /** The socket failed and receives nothing more; only binding anew helps. Not called when it is closed by us. */
    void lost(Throwable cause);
}
