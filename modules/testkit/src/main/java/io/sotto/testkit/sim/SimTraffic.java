package io.sotto.testkit.sim;

/**
 * What one member has sent and received so far, all its lives together.
 *
 * @param packetsSent datagrams, those that were lost included
 * @param bytesSent their payload
 * @param packetsReceived datagrams that the member has read
 * @param bytesReceived their payload
 * @param packetsLost datagrams of this member that the network lost
 * @param packetsOverrun datagrams to this member that its full receive buffer had no room for
 * @param streamsOpened connections that this member asked for
 * @param streamsAccepted connections that others opened to it
 * @param streamBytesSent payload of its streams, once each
 * @param streamBytesReceived payload of streams that reached it
 */
public record SimTraffic(
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        long packetsLost,
        long packetsOverrun,
        long streamsOpened,
        long streamsAccepted,
        long streamBytesSent,
        long streamBytesReceived) {

    /** Datagrams and streams together. */
    public long allBytesSent() {
        return bytesSent + streamBytesSent;
    }

    /** What was added since {@code earlier}. */
    public SimTraffic since(SimTraffic earlier) {
        return new SimTraffic(
                packetsSent - earlier.packetsSent,
                bytesSent - earlier.bytesSent,
                packetsReceived - earlier.packetsReceived,
                bytesReceived - earlier.bytesReceived,
                packetsLost - earlier.packetsLost,
                packetsOverrun - earlier.packetsOverrun,
                streamsOpened - earlier.streamsOpened,
                streamsAccepted - earlier.streamsAccepted,
                streamBytesSent - earlier.streamBytesSent,
                streamBytesReceived - earlier.streamBytesReceived);
    }

    /** Both together, as for all members of a cluster. */
    public SimTraffic plus(SimTraffic other) {
        return new SimTraffic(
                packetsSent + other.packetsSent,
                bytesSent + other.bytesSent,
                packetsReceived + other.packetsReceived,
                bytesReceived + other.bytesReceived,
                packetsLost + other.packetsLost,
                packetsOverrun + other.packetsOverrun,
                streamsOpened + other.streamsOpened,
                streamsAccepted + other.streamsAccepted,
                streamBytesSent + other.streamBytesSent,
                streamBytesReceived + other.streamBytesReceived);
    }

    /** Nothing. */
    public static SimTraffic none() {
        return new SimTraffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
