package io.sotto.cluster.settings;

import java.time.Duration;

/**
 * Settings in code: how pools gossip, and over what sockets.
 *
 * <p>Each method sets the path that it is named after; units, defaults and bounds are in docs/reference/settings.md.
 *
 * @param <B> what each method gives back
 */
public interface GossipOptions<B> extends Options<B> {
    /** {@code gossip-lan.gossip-interval}: how often queued news is sent on. */
    default B gossipLanGossipInterval(Duration time) {
        return set("gossip-lan.gossip-interval", time);
    }

    /** {@code gossip-lan.gossip-nodes}: to how many members queued news is sent on. */
    default B gossipLanGossipNodes(int value) {
        return set("gossip-lan.gossip-nodes", value);
    }

    /** {@code gossip-lan.probe-interval}: how often one member is probed. */
    default B gossipLanProbeInterval(Duration time) {
        return set("gossip-lan.probe-interval", time);
    }

    /** {@code gossip-lan.probe-timeout}: how long the direct answer to a probe may take. */
    default B gossipLanProbeTimeout(Duration time) {
        return set("gossip-lan.probe-timeout", time);
    }

    /** {@code gossip-lan.suspicion-mult}: multiplies the time that a suspected member has to answer for itself. */
    default B gossipLanSuspicionMult(int value) {
        return set("gossip-lan.suspicion-mult", value);
    }

    /** {@code gossip-lan.retransmit-mult}: multiplies how often a piece of news is sent. */
    default B gossipLanRetransmitMult(int value) {
        return set("gossip-lan.retransmit-mult", value);
    }

    /** {@code gossip-lan.push-pull-interval}: how often the whole view is exchanged with one member. */
    default B gossipLanPushPullInterval(Duration time) {
        return set("gossip-lan.push-pull-interval", time);
    }

    /** {@code gossip-wan.gossip-interval}: how often queued news is sent on, in the WAN pool. */
    default B gossipWanGossipInterval(Duration time) {
        return set("gossip-wan.gossip-interval", time);
    }

    /** {@code gossip-wan.gossip-nodes}: to how many members queued news is sent on, in the WAN pool. */
    default B gossipWanGossipNodes(int value) {
        return set("gossip-wan.gossip-nodes", value);
    }

    /** {@code gossip-wan.probe-interval}: how often one member is probed, in the WAN pool. */
    default B gossipWanProbeInterval(Duration time) {
        return set("gossip-wan.probe-interval", time);
    }

    /** {@code gossip-wan.probe-timeout}: how long the direct answer to a probe may take, in the WAN pool. */
    default B gossipWanProbeTimeout(Duration time) {
        return set("gossip-wan.probe-timeout", time);
    }

    /**
     * {@code gossip-wan.suspicion-mult}: multiplies the time that a suspected member has to answer for itself, in the
     * WAN pool.
     */
    default B gossipWanSuspicionMult(int value) {
        return set("gossip-wan.suspicion-mult", value);
    }

    /** {@code gossip-wan.retransmit-mult}: multiplies how often a piece of news is sent, in the WAN pool. */
    default B gossipWanRetransmitMult(int value) {
        return set("gossip-wan.retransmit-mult", value);
    }

    /** {@code gossip-wan.push-pull-interval}: how often the whole view is exchanged with one member, in the WAN pool. */
    default B gossipWanPushPullInterval(Duration time) {
        return set("gossip-wan.push-pull-interval", time);
    }

    /** {@code gossip.network.batch-max}: datagrams handed from the channel thread to the stages at once, at most. */
    default B gossipNetworkBatchMax(int value) {
        return set("gossip.network.batch-max", value);
    }

    /** {@code gossip.network.receive-buffer}: what the kernel is asked to keep of datagrams not yet read, in bytes. */
    default B gossipNetworkReceiveBuffer(long bytes) {
        return set("gossip.network.receive-buffer", bytes);
    }

    /** {@code gossip.network.send-buffer}: what the kernel is asked to keep of datagrams not yet sent, in bytes. */
    default B gossipNetworkSendBuffer(long bytes) {
        return set("gossip.network.send-buffer", bytes);
    }

    /** {@code gossip.network.read-chunk}: the largest piece that is read from a connection at once, in bytes. */
    default B gossipNetworkReadChunk(long bytes) {
        return set("gossip.network.read-chunk", bytes);
    }

    /** {@code gossip.network.backlog}: connections that wait in the kernel to be accepted. */
    default B gossipNetworkBacklog(int value) {
        return set("gossip.network.backlog", value);
    }

    /**
     * {@code gossip.datapath.inbound-queue-max}: datagrams that wait between the channel thread and the stages, in
     * bytes, 128 counted on top of each.
     */
    default B gossipDatapathInboundQueueMax(long bytes) {
        return set("gossip.datapath.inbound-queue-max", bytes);
    }

    /** {@code gossip.datapath.outbox-max}: datagrams that wait to be sent. */
    default B gossipDatapathOutboxMax(int value) {
        return set("gossip.datapath.outbox-max", value);
    }

    /** {@code gossip.datapath.outbound-batch-max}: datagrams that go through the stages out together, at most. */
    default B gossipDatapathOutboundBatchMax(int value) {
        return set("gossip.datapath.outbound-batch-max", value);
    }

    /** {@code gossip.datapath.source-rate}: datagrams a second that one source address may send. */
    default B gossipDatapathSourceRate(int value) {
        return set("gossip.datapath.source-rate", value);
    }

    /** {@code gossip.datapath.source-burst}: datagrams that one source address may send at once. */
    default B gossipDatapathSourceBurst(int value) {
        return set("gossip.datapath.source-burst", value);
    }

    /** {@code gossip.datapath.envelopes.accept-version-0}: whether envelopes of version 0 are taken in. */
    default B gossipDatapathEnvelopesAcceptVersion0(boolean on) {
        return set("gossip.datapath.envelopes.accept-version-0", on);
    }

    /**
     * {@code gossip.datapath.envelopes.replay-windows-max}: of how many prefixes of nonces is remembered what came
     * before.
     */
    default B gossipDatapathEnvelopesReplayWindowsMax(int value) {
        return set("gossip.datapath.envelopes.replay-windows-max", value);
    }

    /**
     * {@code gossip.datapath.envelopes.duplicate-time}: how long each envelope of members that do not count their
     * nonces is remembered.
     */
    default B gossipDatapathEnvelopesDuplicateTime(Duration time) {
        return set("gossip.datapath.envelopes.duplicate-time", time);
    }

    /** {@code gossip.datapath.envelopes.duplicates-max}: how many of those are remembered at most. */
    default B gossipDatapathEnvelopesDuplicatesMax(int value) {
        return set("gossip.datapath.envelopes.duplicates-max", value);
    }

    /**
     * {@code gossip.lifeguard.patience}: how long a probe that failed is held against this node itself while nobody
     * shows that it can be reached.
     */
    default B gossipLifeguardPatience(Duration time) {
        return set("gossip.lifeguard.patience", time);
    }

    /** {@code gossip.lifeguard.ping-repeats}: how often one probe repeats its ping to a member that is silent. */
    default B gossipLifeguardPingRepeats(int value) {
        return set("gossip.lifeguard.ping-repeats", value);
    }

    /**
     * {@code gossip.lifeguard.sure-percent}: part of the least suspicion time, in percent, after which a sure node
     * declares a member dead.
     */
    default B gossipLifeguardSurePercent(int value) {
        return set("gossip.lifeguard.sure-percent", value);
    }

    /**
     * {@code gossip.events.user-event-max}: the longest user event with its name that this node sends, encoded, in
     * bytes.
     */
    default B gossipEventsUserEventMax(long bytes) {
        return set("gossip.events.user-event-max", bytes);
    }

    /** {@code gossip.events.query-max}: the longest query that this node sends, encoded, in bytes. */
    default B gossipEventsQueryMax(long bytes) {
        return set("gossip.events.query-max", bytes);
    }

    /** {@code gossip.events.answer-max}: the longest answer that this node sends, encoded, in bytes. */
    default B gossipEventsAnswerMax(long bytes) {
        return set("gossip.events.answer-max", bytes);
    }

    /**
     * {@code gossip.events.resolve-name-conflicts}: whether the pool is asked who bears this node's name when another
     * address claims it, where profile is serf.
     */
    default B gossipEventsResolveNameConflicts(boolean on) {
        return set("gossip.events.resolve-name-conflicts", on);
    }

    /** {@code gossip.stream.first-byte-timeout}: within which a connection must have sent its first byte. */
    default B gossipStreamFirstByteTimeout(Duration time) {
        return set("gossip.stream.first-byte-timeout", time);
    }

    /** {@code gossip.stream.total-timeout}: within which a connection must have sent its request and taken its answer. */
    default B gossipStreamTotalTimeout(Duration time) {
        return set("gossip.stream.total-timeout", time);
    }

    /**
     * {@code gossip.stream.linger}: how long after the answer what the peer still sends is read and thrown away, so
     * that closing does not take the answer with it.
     */
    default B gossipStreamLinger(Duration time) {
        return set("gossip.stream.linger", time);
    }

    /** {@code gossip.stream.per-address-max}: connections of one address at a time. */
    default B gossipStreamPerAddressMax(int value) {
        return set("gossip.stream.per-address-max", value);
    }

    /** {@code gossip.stream.total-max}: connections at a time. */
    default B gossipStreamTotalMax(int value) {
        return set("gossip.stream.total-max", value);
    }

    /** {@code gossip.stream.push-pull-max}: push/pull requests served at a time. */
    default B gossipStreamPushPullMax(int value) {
        return set("gossip.stream.push-pull-max", value);
    }

    /**
     * {@code gossip.stream.buffered-max}: what requests being read and answers being written may fill of memory
     * together, in bytes.
     */
    default B gossipStreamBufferedMax(long bytes) {
        return set("gossip.stream.buffered-max", bytes);
    }
}
