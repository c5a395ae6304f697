package io.sotto.membership.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SelfReportCodecTest {
    private static final long SEED = 11;

    @Test
    void readsBackWhatItWrote() {
        SelfReport full = report(List.of("01abcdef", "fedcba98"), Optional.of(Instant.ofEpochMilli(1_234)));
        SelfReport bare = report(List.of("00000000"), Optional.empty());

        assertThat(SelfReportCodec.decode(SelfReportCodec.encode(full))).hasValue(full);
        assertThat(SelfReportCodec.decode(SelfReportCodec.encode(bare))).hasValue(bare);
    }

    @Test
    void aFullRingFitsIntoAnAnswer() {
        assertThat(SelfReportCodec.encode(report(Collections.nCopies(64, "01abcdef"), Optional.of(Instant.EPOCH)))
                        .length())
                .isLessThan(600);
    }

    @Test
    void whatIsNoReportIsNoneAndNothingThrows() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] good = SelfReportCodec.encode(report(List.of("01abcdef", "fedcba98"), Optional.empty()))
                .toArray();
        List<Integer> readable = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            SelfReportCodec.decode(Octets.wrap(bad))
                    .ifPresent(report -> readable.add(report.keys().size()));
        }
        for (int length = 0; length < good.length; length++) {
            assertThat(SelfReportCodec.decode(Octets.wrap(good, 0, length)))
                    .as("cut to %s", length)
                    .isEmpty();
        }
        assertThat(readable).as("seed %s", SEED).isNotEmpty().allMatch(keys -> keys > 0);
    }

    private static SelfReport report(List<String> keys, Optional<Instant> lastPlaintext) {
        return new SelfReport(
                keys, true, false, "blue", true, lastPlaintext, Instant.ofEpochMilli(1_800_000_000_123L), "0.1.0");
    }
}
