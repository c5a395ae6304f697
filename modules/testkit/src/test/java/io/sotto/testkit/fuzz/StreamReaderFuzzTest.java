package io.sotto.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thousands of requests through the production reader, in chunks of any size: each ends, and ends rightly. */
class StreamReaderFuzzTest {
    private static final int CASES = 12_000;

    static Stream<FuzzTarget> targets() {
        return Stream.of(
                Targets.plain(),
                Targets.sealed(),
                Targets.plain().labelled(Targets.LABEL),
                Targets.sealed().labelled(Targets.LABEL));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void completesNothingThatMustBeRejected(FuzzTarget target) {
        Opener opener = new Opener();
        Fuzzer.create(Seed.VALUE, target).cases(FuzzKind.STREAM, 0, CASES).forEach(made -> {
            StreamProgress progress = read(made, policy(target), opener);
            assertThat(progress).as("every stream ends: " + made).isNotInstanceOf(StreamProgress.NeedMore.class);
            boolean completed = progress instanceof StreamProgress.Complete;
            if (made.verdict() == Verdict.MUST_BE_REJECTED) {
                assertThat(completed).as(made.toString()).isFalse();
            }
            if (made.sound()) {
                assertThat(completed).as(made + ": " + progress).isTrue();
            }
        });
    }

    private static StreamProgress read(FuzzCase made, StreamPolicy policy, Opener opener) {
        StreamReader reader = new StreamReader(StreamRole.REQUEST, policy, io.sotto.wire.Limits.defaults(), opener);
        SplittableRandom chunks = new SplittableRandom(made.index());
        int length = made.bytes().length();
        int most = chunks.nextBoolean() ? Math.max(1, length) : chunks.nextInt(1, 200);
        for (int at = 0; at < length; ) {
            int count = Math.min(length - at, chunks.nextInt(1, most + 1));
            reader.feed(made.bytes().slice(at, count));
            at += count;
        }
        return reader.end();
    }

    private static StreamPolicy policy(FuzzTarget target) {
        return new StreamPolicy(target.key().map(Keyring::of), true, true, target.label(), false, true);
    }
}
