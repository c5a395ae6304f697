package io.sotto.membership;

import java.time.Duration;

/**
 * The timing of Serf's layer. Source: gossip specification, section 15.
 *
 * @param broadcastTimeout longest wait for an intent to be transmitted
 * @param leavePropagateDelay from the end of a leave to the end of the node
 * @param reapInterval between looks for members to forget
 * @param recentIntentTimeout how long an intent for an unknown member is kept
 * @param reconnectInterval between tries to reach a failed member
 * @param reconnectTimeout after which a failed member is forgotten
 * @param tombstoneTimeout after which a member that left is forgotten
 * @param queueMinDepth intents, events or queries that may always wait
 * @param queueMaxDepth bound of a queue where {@code queueMinDepth} is zero; otherwise the bound is the greater of
 *     {@code queueMinDepth} and twice the number of members
 * @param events user events and queries
 */
public record SerfSettings(
        Duration broadcastTimeout,
        Duration leavePropagateDelay,
        Duration reapInterval,
        Duration recentIntentTimeout,
        Duration reconnectInterval,
        Duration reconnectTimeout,
        Duration tombstoneTimeout,
        int queueMinDepth,
        int queueMaxDepth,
        EventSettings events) {

    /** The Serf agent's. */
    public static SerfSettings serf() {
        return new SerfSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofHours(24),
                Duration.ofHours(24),
                0,
                4_096,
                EventSettings.serf());
    }

    /** Consul's, for both of its pools. */
    public static SerfSettings consul() {
        return new SerfSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofHours(72),
                Duration.ofHours(24),
                4_096,
                4_096,
                EventSettings.consul());
    }

    public SerfSettings withEvents(EventSettings newEvents) {
        return new SerfSettings(
                broadcastTimeout,
                leavePropagateDelay,
                reapInterval,
                recentIntentTimeout,
                reconnectInterval,
                reconnectTimeout,
                tombstoneTimeout,
                queueMinDepth,
                queueMaxDepth,
                newEvents);
    }

    /** The same, but for how long members that failed, or left, are remembered. */
    public SerfSettings withForgetting(Duration newReconnectTimeout, Duration newTombstoneTimeout) {
        return new SerfSettings(
                broadcastTimeout,
                leavePropagateDelay,
                reapInterval,
                recentIntentTimeout,
                reconnectInterval,
                newReconnectTimeout,
                newTombstoneTimeout,
                queueMinDepth,
                queueMaxDepth,
                events);
    }

    /** How many broadcasts of one kind may wait in a pool of {@code members} listed members. */
    public int queueBound(int members) {
        return queueMinDepth > 0 ? Math.max(queueMinDepth, 2 * members) : queueMaxDepth;
    }
}
