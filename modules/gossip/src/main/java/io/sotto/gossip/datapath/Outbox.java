package io.sotto.gossip.datapath;

/** Where actors leave what is to be sent. Safe to call from any thread; never blocks. */
public interface Outbox {
    /** Leaves a datagram to be sent; gives whether there was room. What is refused is counted and must be taken as lost. */
    boolean offer(Outbound outbound);

    /** Datagrams refused because the outbox was full or the stream had ended. */
    long dropped();
}
