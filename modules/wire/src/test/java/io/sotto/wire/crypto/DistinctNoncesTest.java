package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Seed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The nonces of one member, over lives, drawn prefixes and copies of its machine. */
class DistinctNoncesTest {
    private static final int NONCES = 10_000_000;

    private final Random random = Seed.random();
    /** Every nonce so far: the number of its prefix, and its counter. */
    private final long[] seen = new long[NONCES];

    private final Map<Long, Integer> prefixes = new HashMap<>();
    private int count;

    /** A machine: clocks that its copies share until they run on their own. */
    private static final class Machine {
        long wallMillis = 1_900_000_000_000L;
        long monotonicNanos = 1;

        void pass(long nanos) {
            monotonicNanos += nanos;
            wallMillis = 1_900_000_000_000L + monotonicNanos / 1_000_000;
        }
    }

    @Test
    void tenMillionNoncesOfOneMemberAreDistinct() {
        int lives = 0;
        while (count < NONCES) {
            Machine machine = new Machine();
            life(machine, source(machine, random::nextBytes), random.nextInt(10, 1_500_000));
            if (++lives % 4 == 0) {
                resumed();
            }
        }

        Arrays.sort(seen);
        for (int i = 1; i < NONCES; i++) {
            assertThat(seen[i] != seen[i - 1])
                    .as("nonce %x came twice; %s", seen[i], Seed.hint())
                    .isTrue();
        }
        assertThat(lives).isGreaterThan(4);
        assertThat(prefixes).as("prefixes were drawn anew within lives").hasSizeGreaterThan(2 * lives);
    }

    /** A machine is copied while it runs, and the copy is resumed a while later; both go on with the same memory. */
    private void resumed() {
        byte[] common = new byte[8];
        random.nextBytes(common);
        int before = random.nextInt(1, 100_000);
        int after = random.nextInt(1, 100_000);

        Machine original = new Machine();
        CountedNonceSource first = source(original, once(common));
        life(original, first, before, 1_000);
        life(original, first, after, 1_000);

        Machine copy = new Machine();
        CountedNonceSource second = source(copy, once(common));
        int known = count;
        for (int i = 0; i < before; i++) {
            // What the original gave before it was copied, which is the same in the copy's memory.
            copy.pass(1_000);
            second.next(new byte[12], 0);
        }
        assertThat(count).isEqualTo(known);
        copy.wallMillis += random.nextInt(5_001, 1_000_000);
        for (int i = 0; i < after && count < NONCES; i++) {
            add(second);
        }
    }

    private void life(Machine machine, CountedNonceSource source, int nonces) {
        // Up to some two hours for a life.
        life(machine, source, nonces, random.nextInt(1_000, 5_000_000));
    }

    private void life(Machine machine, CountedNonceSource source, int nonces, int nanosEach) {
        for (int i = 0; i < nonces && count < NONCES; i++) {
            machine.pass(nanosEach);
            add(source);
        }
    }

    private void add(CountedNonceSource source) {
        byte[] nonce = new byte[12];
        source.next(nonce, 0);
        ByteBuffer bytes = ByteBuffer.wrap(nonce);
        long prefix = bytes.getLong();
        Integer number = prefixes.get(prefix);
        if (number == null) {
            number = prefixes.size();
            prefixes.put(prefix, number);
        }
        seen[count++] = ((long) number << 32) | (bytes.getInt() & 0xffff_ffffL);
    }

    /** These bytes first, then chance: the memory of a copy is the same, the operating system's entropy is not. */
    private Consumer<byte[]> once(byte[] first) {
        boolean[] isGiven = new boolean[1];
        return target -> {
            if (isGiven[0]) {
                random.nextBytes(target);
            } else {
                isGiven[0] = true;
                System.arraycopy(first, 0, target, 0, target.length);
            }
        };
    }

    private static CountedNonceSource source(Machine machine, Consumer<byte[]> entropy) {
        return new CountedNonceSource(entropy, () -> machine.wallMillis, () -> machine.monotonicNanos);
    }
}
