package io.sotto.cluster.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a client agent does its duties: as often as real ones do, and less often in larger pools, so that the servers' work does
 * not grow with them. Pure. Source: RPC specification, section 9.
 *
 * @param random spreads agents that started together
 */
record Rhythm(RandomGenerator random) {
    static final Duration SYNC = Duration.ofMinutes(1);
    static final Duration RETRY = Duration.ofSeconds(15);
    static final Duration COORDINATE = Duration.ofSeconds(15);
    /** After a server is seen for the first time; as much again by chance, twice. */
    static final Duration SOON = Duration.ofSeconds(1);

    private static final int SCALED_FROM = 128;
    /** How many coordinates a second all agents together send. */
    private static final int COORDINATES_PER_SECOND = 64;

    Duration nextSync(int members) {
        return spread(SYNC.multipliedBy(scale(members)));
    }

    Duration nextTry(int members) {
        return spread(RETRY.multipliedBy(scale(members)));
    }

    Duration nextCoordinate(int members) {
        Duration shared = Duration.ofSeconds(members / COORDINATES_PER_SECOND);
        return spread(shared.compareTo(COORDINATE) > 0 ? shared : COORDINATE);
    }

    Duration soon() {
        return SOON.plusNanos(random.nextLong(2 * SOON.toNanos()));
    }

    /** One more with each doubling of the pool. */
    static int scale(int members) {
        return members <= SCALED_FROM ? 1 : (int) Math.ceil(Math.log((double) members / SCALED_FROM) / Math.log(2)) + 1;
    }

    private Duration spread(Duration least) {
        return least.plusNanos(random.nextLong(least.toNanos()));
    }
}
