package io.sotto.testkit.sim;

import java.util.random.RandomGenerator;

/**
 * One direction between two members: what becomes of what the one sends to the other. Settings hold for what is sent from
 * then on. Used on the cluster's thread.
 *
 * <p>Datagrams are lost, doubled and overtaken as the settings say; otherwise they keep their order. Streams keep their
 * bytes whatever is lost, as TCP does, and pay for it in time.
 */
public final class SimLink {
    private final SimHost from;
    private final SimHost to;
    private Latency latency = Latency.lan();
    private double loss;
    private double duplication;
    private double reordering;
    private boolean isUp = true;
    private long packets;
    /** When the last datagram that kept its place arrives. */
    private long lastArrival;

    SimLink(SimHost from, SimHost to) {
        this.from = from;
        this.to = to;
    }

    /** The name of the member that sends. */
    public String from() {
        return from.name();
    }

    /** The name of the member that receives. */
    public String to() {
        return to.name();
    }

    public SimLink latency(Latency newLatency) {
        latency = newLatency;
        return this;
    }

    /** Sets the probability, 0 to 1, with which a packet is lost. */
    public SimLink loss(double probability) {
        loss = probability(probability);
        return this;
    }

    /** Sets the probability with which a datagram arrives twice. */
    public SimLink duplication(double probability) {
        duplication = probability(probability);
        return this;
    }

    /** Sets the probability with which a datagram takes up to four times as long and lets others overtake it. */
    public SimLink reordering(double probability) {
        reordering = probability(probability);
        return this;
    }

    /** Whether anything passes at all. */
    public SimLink up(boolean passes) {
        isUp = passes;
        return this;
    }

    public boolean isUp() {
        return isUp;
    }

    /** Datagrams that were sent over it so far, those that were lost included. */
    public long packets() {
        return packets;
    }

    void sent() {
        packets++;
    }

    SimHost source() {
        return from;
    }

    SimHost target() {
        return to;
    }

    /** Whether the next packet gets through. */
    boolean passes(RandomGenerator random) {
        return isUp && (loss == 0 || random.nextDouble() >= loss);
    }

    boolean doubles(RandomGenerator random) {
        return duplication > 0 && random.nextDouble() < duplication;
    }

    /** When a datagram that is sent now arrives. */
    long arrival(long now, RandomGenerator random) {
        long taken = latency.drawNanos(random);
        if (reordering > 0 && random.nextDouble() < reordering) {
            return now + taken + random.nextLong(3 * taken + 1);
        }
        lastArrival = Math.max(lastArrival, now + taken);
        return lastArrival;
    }

    /** How long one segment of a stream is under way. */
    long delay(RandomGenerator random) {
        return latency.drawNanos(random);
    }

    private static double probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("a probability of " + value);
        }
        return value;
    }
}
