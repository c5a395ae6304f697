package io.sotto.wire.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CountedNonceSourceTest {
    private static final int NONCES_PER_PREFIX = 1 << 20;

    private byte draws;
    private long wallMillis = 1_700_000_000_000L;
    private long monotonicNanos = -5;
    private final CountedNonceSource nonces = new CountedNonceSource(
            bytes -> {
                draws++;
                bytes[0] = draws;
            },
            () -> wallMillis,
            () -> monotonicNanos);

    @Test
    void aNonceIsAPrefixAndACounter() {
        assertThat(next().toHex()).isEqualTo("010000000000000000000000");
        assertThat(next().toHex()).isEqualTo("010000000000000000000001");
        assertThat(nonces.count()).isEqualTo(2);
    }

    @Test
    void nothingButTwelveBytesIsWritten() {
        byte[] target = new byte[16];
        nonces.next(target, 2);
        assertThat(target).startsWith(0, 0, 1).endsWith(0, 0);
    }

    @Test
    void noNonceComesTwiceOverThreePrefixes() {
        // The prefixes of this test ascend, so nonces that ascend are all different.
        byte[] last = new byte[12];
        for (int i = 0; i < 2 * NONCES_PER_PREFIX + 1; i++) {
            byte[] nonce = next().toArray();
            assertThat(Arrays.compareUnsigned(nonce, last) > 0).isTrue();
            last = nonce;
        }
        assertThat(draws).isEqualTo((byte) 3);
    }

    @Test
    void thePrefixIsDrawnAnewEveryTenMinutes() {
        next();
        pass(Duration.ofMinutes(10).minusMillis(1));
        next();
        assertThat(draws).isEqualTo((byte) 1);
        pass(Duration.ofMillis(1));
        assertThat(next().toHex()).isEqualTo("020000000000000000000000");
    }

    @Test
    void thePrefixIsDrawnAnewWhenTheClocksMoveApart() {
        next();
        wallMillis += 5_000;
        next();
        assertThat(draws).isEqualTo((byte) 1);
        wallMillis += 1;
        next();
        assertThat(draws).as("the wall clock ran ahead: a resumed snapshot").isEqualTo((byte) 2);
        wallMillis -= 5_001;
        next();
        assertThat(draws).as("the wall clock was set back").isEqualTo((byte) 3);
        monotonicNanos -= 1;
        next();
        assertThat(draws).as("another machine's monotonic clock").isEqualTo((byte) 4);
    }

    private void pass(Duration time) {
        wallMillis += time.toMillis();
        monotonicNanos += time.toNanos();
    }

    private Octets next() {
        byte[] nonce = new byte[12];
        nonces.next(nonce, 0);
        return Octets.wrap(nonce);
    }
}
