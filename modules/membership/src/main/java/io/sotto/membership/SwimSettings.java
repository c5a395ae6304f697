package io.sotto.membership;

import java.time.Duration;

/**
 * The timing and fan-out of one memberlist pool. All members of a pool should agree on them.
 *
 * <p>Source: gossip specification, section 15, from which the presets are taken.
 *
 * @param tcpTimeout to connect, and for each of reading and answering a stream
 * @param indirectChecks members asked to probe for us
 * @param retransmitMult times log10(n + 1): transmissions of one broadcast
 * @param suspicionMult times log10(n) and the probe interval: the least time a suspect has
 * @param suspicionMaxTimeoutMult times that: the most time a suspect has
 * @param pushPullInterval between full exchanges with a random member, for up to 32 members
 * @param probeInterval length of a protocol period of a healthy node
 * @param probeTimeout wait for a direct ack; not scaled by health
 * @param awarenessMaxMultiplier one more than the highest health score
 * @param gossipNodes members told in each gossip tick
 * @param gossipInterval between gossip ticks
 * @param gossipToTheDeadTime how long the dead are still told and counted
 * @param udpBufferBytes aim for the payload of one datagram
 * @param deadNodeReclaimTime after which a dead member's name may come back with another address; zero for never
 * @param metaMaxBytes encoded tags of one member
 * @param caution what this node asks of itself before it accuses; the one part that is ours alone
 */
public record SwimSettings(
        Duration tcpTimeout,
        int indirectChecks,
        int retransmitMult,
        int suspicionMult,
        int suspicionMaxTimeoutMult,
        Duration pushPullInterval,
        Duration probeInterval,
        Duration probeTimeout,
        int awarenessMaxMultiplier,
        int gossipNodes,
        Duration gossipInterval,
        Duration gossipToTheDeadTime,
        int udpBufferBytes,
        Duration deadNodeReclaimTime,
        int metaMaxBytes,
        Caution caution) {

    public SwimSettings {
        requireAtLeast("indirectChecks", indirectChecks, 0);
        requireAtLeast("retransmitMult", retransmitMult, 1);
        requireAtLeast("suspicionMult", suspicionMult, 1);
        requireAtLeast("suspicionMaxTimeoutMult", suspicionMaxTimeoutMult, 1);
        requireAtLeast("awarenessMaxMultiplier", awarenessMaxMultiplier, 1);
        requireAtLeast("gossipNodes", gossipNodes, 1);
        requireAtLeast("udpBufferBytes", udpBufferBytes, 256);
        requireAtLeast("metaMaxBytes", metaMaxBytes, 1);
        requirePositive("tcpTimeout", tcpTimeout);
        requirePositive("pushPullInterval", pushPullInterval);
        requirePositive("probeInterval", probeInterval);
        requirePositive("probeTimeout", probeTimeout);
        requirePositive("gossipInterval", gossipInterval);
        requirePositive("gossipToTheDeadTime", gossipToTheDeadTime);
        if (deadNodeReclaimTime.isNegative()) {
            throw new IllegalArgumentException("deadNodeReclaimTime must not be negative, not " + deadNodeReclaimTime);
        }
    }

    /** One local network: the profile of Serf agents and of Consul's LAN pool. */
    public static SwimSettings lan() {
        return new SwimSettings(
                Duration.ofSeconds(10),
                3,
                4,
                4,
                6,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                8,
                3,
                Duration.ofMillis(200),
                Duration.ofSeconds(30),
                1_400,
                Duration.ZERO,
                512,
                Caution.of(Duration.ofSeconds(1), Duration.ofMillis(500)));
    }

    /** Between sites: Consul's WAN pool (which gossips to 3 nodes) and Nomad. */
    public static SwimSettings wan() {
        return new SwimSettings(
                Duration.ofSeconds(30),
                3,
                4,
                6,
                6,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                8,
                4,
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                1_400,
                Duration.ZERO,
                512,
                Caution.of(Duration.ofSeconds(5), Duration.ofSeconds(3)));
    }

    /** One machine. */
    public static SwimSettings local() {
        return new SwimSettings(
                Duration.ofSeconds(1),
                1,
                2,
                3,
                6,
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                8,
                3,
                Duration.ofMillis(100),
                Duration.ofSeconds(15),
                1_400,
                Duration.ZERO,
                512,
                Caution.of(Duration.ofSeconds(1), Duration.ofMillis(200)));
    }

    /** The same timing without anything of ours: as the real implementations have it. */
    public SwimSettings asUpstream() {
        return withCaution(Caution.none());
    }

    public SwimSettings withCaution(Caution value) {
        return copy(retransmitMult, probeInterval, probeTimeout, pushPullInterval, deadNodeReclaimTime, value);
    }

    public SwimSettings withDeadNodeReclaimTime(Duration value) {
        return copy(retransmitMult, probeInterval, probeTimeout, pushPullInterval, value, caution);
    }

    public SwimSettings withRetransmitMult(int value) {
        return copy(value, probeInterval, probeTimeout, pushPullInterval, deadNodeReclaimTime, caution);
    }

    public SwimSettings withSuspicionMult(int value) {
        return withSuspicion(value, suspicionMaxTimeoutMult, awarenessMaxMultiplier);
    }

    /** Lifeguard's settings: the least and the most time of a suspect, and how far local health may slow this node. */
    public SwimSettings withSuspicion(int mult, int maxTimeoutMult, int newAwarenessMaxMultiplier) {
        return new SwimSettings(
                tcpTimeout,
                indirectChecks,
                retransmitMult,
                mult,
                maxTimeoutMult,
                pushPullInterval,
                probeInterval,
                probeTimeout,
                newAwarenessMaxMultiplier,
                gossipNodes,
                gossipInterval,
                gossipToTheDeadTime,
                udpBufferBytes,
                deadNodeReclaimTime,
                metaMaxBytes,
                caution);
    }

    /** The caution goes along, unless it is another than the preset for this interval. */
    public SwimSettings withProbe(Duration interval, Duration timeout) {
        boolean preset = caution.equals(Caution.of(probeInterval, probeTimeout));
        return copy(
                retransmitMult,
                interval,
                timeout,
                pushPullInterval,
                deadNodeReclaimTime,
                preset ? Caution.of(interval, timeout) : caution);
    }

    public SwimSettings withGossip(Duration interval, int nodes) {
        return new SwimSettings(
                tcpTimeout,
                indirectChecks,
                retransmitMult,
                suspicionMult,
                suspicionMaxTimeoutMult,
                pushPullInterval,
                probeInterval,
                probeTimeout,
                awarenessMaxMultiplier,
                nodes,
                interval,
                gossipToTheDeadTime,
                udpBufferBytes,
                deadNodeReclaimTime,
                metaMaxBytes,
                caution);
    }

    public SwimSettings withPushPullInterval(Duration value) {
        return copy(retransmitMult, probeInterval, probeTimeout, value, deadNodeReclaimTime, caution);
    }

    private SwimSettings copy(
            int newRetransmitMult,
            Duration newProbeInterval,
            Duration newProbeTimeout,
            Duration newPushPullInterval,
            Duration newDeadNodeReclaimTime,
            Caution newCaution) {
        return new SwimSettings(
                tcpTimeout,
                indirectChecks,
                newRetransmitMult,
                suspicionMult,
                suspicionMaxTimeoutMult,
                newPushPullInterval,
                newProbeInterval,
                newProbeTimeout,
                awarenessMaxMultiplier,
                gossipNodes,
                gossipInterval,
                gossipToTheDeadTime,
                udpBufferBytes,
                newDeadNodeReclaimTime,
                metaMaxBytes,
                newCaution);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
