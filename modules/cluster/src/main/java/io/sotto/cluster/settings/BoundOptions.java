package io.sotto.cluster.settings;

/**
 * Settings in code: what others can make large, and how large.
 *
 * <p>Each method sets the path that it is named after; units, defaults and bounds are in docs/reference/settings.md.
 *
 * @param <B> what each method gives back
 */
public interface BoundOptions<B> extends Options<B> {
    /**
     * {@code gossip.guard.incarnation-jump-max}: how far what others say of a member's incarnation may be from what
     * this node knows, before the member itself is asked.
     */
    default B gossipGuardIncarnationJumpMax(long value) {
        return set("gossip.guard.incarnation-jump-max", value);
    }

    /** {@code gossip.guard.candidates-max}: members never heard of that wait to be pinged, or for the answer. */
    default B gossipGuardCandidatesMax(int value) {
        return set("gossip.guard.candidates-max", value);
    }

    /** {@code gossip.guard.candidates-per-address-max}: of those, how many at one address and port. */
    default B gossipGuardCandidatesPerAddressMax(int value) {
        return set("gossip.guard.candidates-per-address-max", value);
    }

    /** {@code gossip.guard.candidate-rate}: members never heard of that are pinged for the first time in a second. */
    default B gossipGuardCandidateRate(int value) {
        return set("gossip.guard.candidate-rate", value);
    }

    /** {@code gossip.guard.candidate-burst}: members never heard of that are pinged for the first time at once. */
    default B gossipGuardCandidateBurst(int value) {
        return set("gossip.guard.candidate-burst", value);
    }

    /**
     * {@code gossip.guard.sources-max}: senders that are no members and have answered a ping, remembered, and as many
     * that are being pinged.
     */
    default B gossipGuardSourcesMax(int value) {
        return set("gossip.guard.sources-max", value);
    }

    /**
     * {@code gossip.guard.arrivals-max}: members that join by a sealed stream from another address than their own, as
     * hosts with several do, kept until they speak from one of the two.
     */
    default B gossipGuardArrivalsMax(int value) {
        return set("gossip.guard.arrivals-max", value);
    }

    /**
     * {@code gossip.flood.answer-rate}: acks, and pings for others, that one address is sent in a second; 0 is without
     * end.
     */
    default B gossipFloodAnswerRate(int value) {
        return set("gossip.flood.answer-rate", value);
    }

    /** {@code gossip.flood.answer-burst}: acks, and pings for others, that one address is sent at once. */
    default B gossipFloodAnswerBurst(int value) {
        return set("gossip.flood.answer-burst", value);
    }

    /**
     * {@code gossip.flood.mailbox-max}: messages of others that may wait in one mailbox, those of all members counted
     * together.
     */
    default B gossipFloodMailboxMax(int value) {
        return set("gossip.flood.mailbox-max", value);
    }

    /** {@code gossip.flood.news-max}: claims about members that may wait to be gossiped. */
    default B gossipFloodNewsMax(int value) {
        return set("gossip.flood.news-max", value);
    }

    /** {@code gossip.flood.new-members-rate}: names never heard of that become members in a second; 0 is without end. */
    default B gossipFloodNewMembersRate(int value) {
        return set("gossip.flood.new-members-rate", value);
    }

    /** {@code gossip.flood.new-members-burst}: names never heard of that become members at once. */
    default B gossipFloodNewMembersBurst(int value) {
        return set("gossip.flood.new-members-burst", value);
    }

    /** {@code gossip.flood.members-max}: names that a pool keeps at all, those that left or failed lately included. */
    default B gossipFloodMembersMax(int value) {
        return set("gossip.flood.members-max", value);
    }

    /**
     * {@code gossip.flood.ledger-max}: suspicions of which operators are told: so many that run, and as many that have
     * ended.
     */
    default B gossipFloodLedgerMax(int value) {
        return set("gossip.flood.ledger-max", value);
    }

    /**
     * {@code gossip.flood.events-memory-max}: what the user events that are remembered, to know them again and to tell
     * others of them, may take together, in bytes.
     */
    default B gossipFloodEventsMemoryMax(long bytes) {
        return set("gossip.flood.events-memory-max", bytes);
    }

    /**
     * {@code gossip.flood.queries-max}: queries of others that applications here may have unanswered, and queries of
     * ours that may be under way.
     */
    default B gossipFloodQueriesMax(int value) {
        return set("gossip.flood.queries-max", value);
    }

    /** {@code gossip.limits.datagram-max}: the largest datagram that is read, in bytes. */
    default B gossipLimitsDatagramMax(long bytes) {
        return set("gossip.limits.datagram-max", bytes);
    }

    /** {@code gossip.limits.unpacked-datagram-max}: all that one datagram may unpack to, in bytes. */
    default B gossipLimitsUnpackedDatagramMax(long bytes) {
        return set("gossip.limits.unpacked-datagram-max", bytes);
    }

    /** {@code gossip.limits.nesting-max-depth}: compressed and compound layers inside one another. */
    default B gossipLimitsNestingMaxDepth(int value) {
        return set("gossip.limits.nesting-max-depth", value);
    }

    /** {@code gossip.limits.compound-max-parts}: parts of one compound, 255 at the most. */
    default B gossipLimitsCompoundMaxParts(int value) {
        return set("gossip.limits.compound-max-parts", value);
    }

    /** {@code gossip.limits.msgpack-max-depth}: msgpack containers inside one another. */
    default B gossipLimitsMsgpackMaxDepth(int value) {
        return set("gossip.limits.msgpack-max-depth", value);
    }

    /** {@code gossip.limits.stream-frame-max}: one sealed stream message, in bytes. */
    default B gossipLimitsStreamFrameMax(long bytes) {
        return set("gossip.limits.stream-frame-max", bytes);
    }

    /** {@code gossip.limits.stream-unpacked-max}: what a compressed stream message may unpack to, in bytes. */
    default B gossipLimitsStreamUnpackedMax(long bytes) {
        return set("gossip.limits.stream-unpacked-max", bytes);
    }

    /** {@code gossip.limits.stream-expansion-max-ratio}: the same as a multiple of its packed size. */
    default B gossipLimitsStreamExpansionMaxRatio(int value) {
        return set("gossip.limits.stream-expansion-max-ratio", value);
    }

    /** {@code gossip.limits.push-pull-max-nodes}: member records of one push/pull. */
    default B gossipLimitsPushPullMaxNodes(int value) {
        return set("gossip.limits.push-pull-max-nodes", value);
    }

    /** {@code gossip.limits.push-pull-max}: what the member records of one push/pull take of memory once read, in bytes. */
    default B gossipLimitsPushPullMax(long bytes) {
        return set("gossip.limits.push-pull-max", bytes);
    }

    /** {@code gossip.limits.user-state-max}: bytes of Serf's part of one push/pull. */
    default B gossipLimitsUserStateMax(long bytes) {
        return set("gossip.limits.user-state-max", bytes);
    }

    /** {@code gossip.limits.user-message-max}: one reliable user message, in bytes. */
    default B gossipLimitsUserMessageMax(long bytes) {
        return set("gossip.limits.user-message-max", bytes);
    }

    /** {@code gossip.limits.label-max}: a label, in bytes. */
    default B gossipLimitsLabelMax(long bytes) {
        return set("gossip.limits.label-max", bytes);
    }

    /** {@code gossip.limits.meta-max}: a member's encoded tags, in bytes. */
    default B gossipLimitsMetaMax(long bytes) {
        return set("gossip.limits.meta-max", bytes);
    }

    /** {@code gossip.limits.name-max}: a member's name, in bytes. */
    default B gossipLimitsNameMax(long bytes) {
        return set("gossip.limits.name-max", bytes);
    }

    /** {@code gossip.limits.keyring-max-keys}: keys on one ring: each may have to be tried on a packet. */
    default B gossipLimitsKeyringMaxKeys(int value) {
        return set("gossip.limits.keyring-max-keys", value);
    }
}
