package io.sotto.gossip.network;

import com.typesafe.config.Config;

/**
 * Sizes of {@link UdpTcpNetwork}. All are bytes unless said.
 *
 * @param batchMax datagrams handed over at once, at most
 * @param receiveBufferBytes what the kernel is asked to keep of datagrams not yet read; it may grant less
 * @param sendBufferBytes what the kernel is asked to keep of datagrams not yet sent
 * @param readChunkBytes the largest chunk that a connection reads at once
 * @param backlog connections that wait to be accepted, in the kernel
 */
public record NetworkSettings(
        int batchMax, int receiveBufferBytes, int sendBufferBytes, int readChunkBytes, int backlog) {
    public NetworkSettings {
        requirePositive("batchMax", batchMax);
        requirePositive("receiveBufferBytes", receiveBufferBytes);
        requirePositive("sendBufferBytes", sendBufferBytes);
        requirePositive("readChunkBytes", readChunkBytes);
        requirePositive("backlog", backlog);
    }

    /** 64 datagrams, 2 MiB and 512 KiB of kernel buffers, 8 KiB chunks, 4,096 waiting connections. */
    public static NetworkSettings defaults() {
        return new NetworkSettings(64, 2 << 20, 512 << 10, 8 << 10, 4_096);
    }

    /** Reads {@code sotto.gossip.network}. */
    public static NetworkSettings from(Config network) {
        return new NetworkSettings(
                network.getInt("batch-max"),
                Math.toIntExact(network.getBytes("receive-buffer")),
                Math.toIntExact(network.getBytes("send-buffer")),
                Math.toIntExact(network.getBytes("read-chunk")),
                network.getInt("backlog"));
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
