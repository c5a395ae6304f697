package io.sotto.bench.lifeguard;

import java.time.Duration;

/**
 * One cell of the grid.
 *
 * @param members in the pool
 * @param slow how many of them are slow
 * @param blocked for how long a slow member's messages wait, again and again
 * @param open for how long they pass in between
 */
record Cell(int members, int slow, Duration blocked, Duration open) {
    @Override
    public String toString() {
        return "N=" + members + " C=" + slow + " D=" + blocked.toMillis() / 1_000.0 + "s I=" + open.toMillis() + "ms";
    }
}
