package io.sotto.wire;

/**
 * Every bound on what a peer can make large, in one place. Each is checked before memory is taken for the thing bounded.
 *
 * <p>All sizes are bytes. The defaults are the real systems' own limits where they have one (gossip specification,
 * sections 5.3 and 21), and ours where they have none.
 *
 * @param datagramMaxBytes largest datagram that is read at all
 * @param unpackedDatagramMaxBytes all that one datagram may unpack to, over all its layers together
 * @param nestingMaxDepth compound and compression layers inside one another
 * @param compoundMaxParts parts of one compound; the count is one byte on the wire
 * @param msgpackMaxDepth containers inside one another, also in values that are skipped
 * @param streamFrameMaxBytes one encrypted stream frame
 * @param streamUnpackedMaxBytes what a compressed stream message may unpack to
 * @param streamExpansionMaxRatio unpacked to packed size of a compressed stream message
 * @param pushPullMaxNodes member records of one exchange
 * @param pushPullMaxBytes what the records of one exchange may take of memory, once read
 * @param userStateMaxBytes Serf's part of one exchange
 * @param userMessageMaxBytes one reliable user message
 * @param labelMaxBytes a label; its length is one byte on the wire
 * @param metaMaxBytes encoded tags of one member
 * @param nameMaxBytes a member's name
 * @param keyringMaxKeys keys on one ring; every one of them may have to be tried on a packet
 */
public record Limits(
        int datagramMaxBytes,
        int unpackedDatagramMaxBytes,
        int nestingMaxDepth,
        int compoundMaxParts,
        int msgpackMaxDepth,
        int streamFrameMaxBytes,
        int streamUnpackedMaxBytes,
        int streamExpansionMaxRatio,
        int pushPullMaxNodes,
        int pushPullMaxBytes,
        int userStateMaxBytes,
        int userMessageMaxBytes,
        int labelMaxBytes,
        int metaMaxBytes,
        int nameMaxBytes,
        int keyringMaxKeys) {

    private static final int MIB = 1 << 20;

    public Limits {
        requirePositive("datagramMaxBytes", datagramMaxBytes);
        requirePositive("unpackedDatagramMaxBytes", unpackedDatagramMaxBytes);
        requirePositive("nestingMaxDepth", nestingMaxDepth);
        requirePositive("compoundMaxParts", compoundMaxParts);
        requirePositive("msgpackMaxDepth", msgpackMaxDepth);
        requirePositive("streamFrameMaxBytes", streamFrameMaxBytes);
        requirePositive("streamUnpackedMaxBytes", streamUnpackedMaxBytes);
        requirePositive("streamExpansionMaxRatio", streamExpansionMaxRatio);
        requirePositive("pushPullMaxNodes", pushPullMaxNodes);
        requirePositive("pushPullMaxBytes", pushPullMaxBytes);
        requirePositive("userStateMaxBytes", userStateMaxBytes);
        requirePositive("userMessageMaxBytes", userMessageMaxBytes);
        requirePositive("labelMaxBytes", labelMaxBytes);
        requirePositive("metaMaxBytes", metaMaxBytes);
        requirePositive("nameMaxBytes", nameMaxBytes);
        requirePositive("keyringMaxKeys", keyringMaxKeys);
    }

    public static Limits defaults() {
        return new Limits(
                65_535, 65_536, 4, 255, 16, 20 * MIB, 40 * MIB, 100, MIB, 32 * MIB, 20 * MIB, 20 * MIB, 255, 512, 1_024,
                64);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
