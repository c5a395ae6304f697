package io.sotto.gossip.datapath;

import com.typesafe.config.Config;
import io.sotto.wire.Limits;

/**
 * Bounds of the way in and the way out.
 *
 * @param limits bounds on what one datagram may hold
 * @param inboundQueueMaxBytes datagrams that wait between the channel thread and the first stage, with {@value
 *     DatagramSource#DATAGRAM_OVERHEAD_BYTES} bytes counted on top of each; what exceeds it is dropped and counted
 * @param outboxMax datagrams that wait to be sent; what exceeds it is refused and counted
 * @param outboundBatchMax datagrams that go through the stages out together, at most
 * @param sourceRate datagrams a second that one source address may send, an IPv6 network of 64 bits counting as one; 0 is
 *     without end; what exceeds it is dropped and counted
 * @param sourceBurst datagrams that it may send at once
 * @param envelopes which authentic envelopes are taken in
 */
public record DatapathSettings(
        Limits limits,
        int inboundQueueMaxBytes,
        int outboxMax,
        int outboundBatchMax,
        int sourceRate,
        int sourceBurst,
        EnvelopeSettings envelopes) {
    public DatapathSettings {
        requirePositive("inboundQueueMaxBytes", inboundQueueMaxBytes);
        requirePositive("outboxMax", outboxMax);
        requirePositive("outboundBatchMax", outboundBatchMax);
        requirePositive("sourceBurst", sourceBurst);
        if (sourceRate < 0) {
            throw new IllegalArgumentException("sourceRate must be 0 or more, not " + sourceRate);
        }
    }

    /** With the default for envelopes. */
    public DatapathSettings(
            Limits limits,
            int inboundQueueMaxBytes,
            int outboxMax,
            int outboundBatchMax,
            int sourceRate,
            int sourceBurst) {
        this(
                limits,
                inboundQueueMaxBytes,
                outboxMax,
                outboundBatchMax,
                sourceRate,
                sourceBurst,
                EnvelopeSettings.defaults());
    }

    /** 1 MiB waiting inbound, 4,096 datagrams waiting outbound, 64 to a batch; 20,000 a second of one source. */
    public static DatapathSettings defaults() {
        return new DatapathSettings(Limits.defaults(), 1 << 20, 4_096, 64, 20_000, 20_000);
    }

    /** Reads {@code sotto.gossip.datapath}. */
    public static DatapathSettings from(Config datapath, Limits limits) {
        return new DatapathSettings(
                limits,
                bytes(datapath, "inbound-queue-max"),
                datapath.getInt("outbox-max"),
                datapath.getInt("outbound-batch-max"),
                datapath.getInt("source-rate"),
                datapath.getInt("source-burst"),
                EnvelopeSettings.from(datapath.getConfig("envelopes")));
    }

    /** Reads {@code sotto.gossip.limits}. */
    public static Limits limits(Config limits) {
        return new Limits(
                bytes(limits, "datagram-max"),
                bytes(limits, "unpacked-datagram-max"),
                limits.getInt("nesting-max-depth"),
                limits.getInt("compound-max-parts"),
                limits.getInt("msgpack-max-depth"),
                bytes(limits, "stream-frame-max"),
                bytes(limits, "stream-unpacked-max"),
                limits.getInt("stream-expansion-max-ratio"),
                limits.getInt("push-pull-max-nodes"),
                bytes(limits, "push-pull-max"),
                bytes(limits, "user-state-max"),
                bytes(limits, "user-message-max"),
                bytes(limits, "label-max"),
                bytes(limits, "meta-max"),
                bytes(limits, "name-max"),
                limits.getInt("keyring-max-keys"));
    }

    private static int bytes(Config section, String path) {
        return Math.toIntExact(section.getBytes(path));
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
