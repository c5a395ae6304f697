package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixRingTest {
    private static final long SEED = 7;

    private record Known(long prefix, int key, long born, long number) {}

    @Test
    void holdsWhatAQueueHoldsThroughGrowthEvictionAndExpiry() {
        SplittableRandom random = new SplittableRandom(SEED);
        PrefixRing ring = new PrefixRing(256, 2, SEED);
        Deque<Known> expected = new ArrayDeque<>();
        long evicted = 0;
        for (int step = 0; step < 50_000; step++) {
            // Few different hashes, so that searches run into each other.
            long prefix = ((long) random.nextInt(2_000)) << 40;
            int key = random.nextInt(2);
            int slot = ring.find(prefix, key);
            boolean isKnown = expected.stream().anyMatch(known -> known.prefix == prefix && known.key == key);
            assertThat(slot != PrefixRing.NONE)
                    .as("seed %s, step %s", SEED, step)
                    .isEqualTo(isKnown);
            if (isKnown) {
                Known known = expected.stream()
                        .filter(one -> one.prefix == prefix && one.key == key)
                        .findFirst()
                        .orElseThrow();
                assertThat(ring.bornNanos(slot)).isEqualTo(known.born);
                assertThat(ring.numbers()[2 * slot]).isEqualTo(known.number);
                assertThat(ring.numbers()[2 * slot + 1]).isEqualTo(~known.number);
            } else {
                if (expected.size() == 256) {
                    expected.removeFirst();
                    evicted++;
                }
                int added = ring.add(prefix, key, step);
                assertThat(ring.numbers()[2 * added + 1]).isZero();
                ring.numbers()[2 * added] = step;
                ring.numbers()[2 * added + 1] = ~(long) step;
                expected.addLast(new Known(prefix, key, step, step));
            }
            if (random.nextInt(200) == 0) {
                int dropped = random.nextInt(100);
                ring.dropBefore(step - 100L, dropped);
                for (int i = 0; i < dropped && !expected.isEmpty() && expected.getFirst().born < step - 100; i++) {
                    expected.removeFirst();
                }
            }
            assertThat(ring.size()).isEqualTo(expected.size());
        }
        assertThat(ring.evicted()).isEqualTo(evicted).isPositive();
    }
}
