package io.sotto.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.yamux.YamuxFailure;
import org.junit.jupiter.api.Test;

/** A share of the frames that {@code modules/bench/run fuzz} sends; {@code -Dsotto.fuzz.yamux=N} for as many as one likes. */
class YamuxFuzzTest {
    private static final long FRAMES = Long.getLong("sotto.fuzz.yamux", 60_000);

    @Test
    void sessionsDoWhatTheSpecificationSaysWhateverTheyAreSent() {
        YamuxFuzzer.Findings found = YamuxFuzzer.create(Seed.VALUE).run(FRAMES);
        assertThat(found.faults()).as(found.toString()).isEmpty();
        assertThat(found.frames()).isGreaterThanOrEqualTo(FRAMES);
        assertThat(found.bytes()).isGreaterThan(FRAMES);
        assertThat(found.streams()).isGreaterThan(found.sessions());
        assertThat(found.endings())
                .as(found.toString())
                .containsKeys(
                        YamuxFailure.NONE,
                        YamuxFailure.VERSION,
                        YamuxFailure.TYPE,
                        YamuxFailure.DUPLICATE_STREAM,
                        YamuxFailure.UNEXPECTED_FIN,
                        YamuxFailure.WINDOW_EXCEEDED,
                        YamuxFailure.FLOOD);
    }

    @Test
    void aLengthThatNoHeaderCanSayIsTheOneThatTheHeaderSays() {
        assertThat(YamuxFuzzer.create(55_493_747_626_303L).session(2916).faults())
                .isEmpty();
    }

    @Test
    void oneSeedGivesOneRun() {
        assertThat(YamuxFuzzer.create(7).run(5_000))
                .isEqualTo(YamuxFuzzer.create(7).run(5_000));
        assertThat(YamuxFuzzer.create(7).session(3))
                .isEqualTo(YamuxFuzzer.create(7).session(3));
    }
}
