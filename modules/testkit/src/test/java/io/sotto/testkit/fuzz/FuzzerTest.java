package io.sotto.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzerTest {
    private static final int CASES = 4_000;

    @ParameterizedTest
    @EnumSource(FuzzKind.class)
    void makesTheSameCaseAgainWhateverWasMadeBefore(FuzzKind kind) {
        List<FuzzCase> forwards =
                Fuzzer.create(7, Targets.sealed()).cases(kind, 0, 300).toList();
        Fuzzer other = Fuzzer.create(7, Targets.sealed());
        List<FuzzCase> backwards = LongStream.iterate(299, i -> i >= 0, i -> i - 1)
                .mapToObj(i -> other.at(kind, i))
                .toList();

        for (int i = 0; i < 300; i++) {
            assertThat(backwards.get(299 - i)).isEqualTo(forwards.get(i));
            assertThat(Fuzzer.replay(forwards.get(i).id(), Targets.sealed())).isEqualTo(forwards.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource(FuzzKind.class)
    void doesNotMakeOneSeedLikeAnother(FuzzKind kind) {
        long equal = LongStream.range(0, 1_000)
                .filter(i -> Fuzzer.create(1, Targets.sealed())
                        .at(kind, i)
                        .bytes()
                        .equals(Fuzzer.create(2, Targets.sealed()).at(kind, i).bytes()))
                .count();

        // The empty datagram and the like are the same everywhere.
        assertThat(equal).isLessThan(100);
    }

    @Test
    void makesEnoughOfBothVerdictsAndOfSoundCases() {
        for (FuzzKind kind : List.of(FuzzKind.SEALED, FuzzKind.STREAM)) {
            List<FuzzCase> cases = cases(kind, Targets.sealed()).toList();
            assertThat(cases.stream().filter(FuzzCase::sound))
                    .as(kind + " sound")
                    .hasSizeGreaterThan(CASES / 10);
            assertThat(cases.stream().filter(made -> made.verdict() == Verdict.MUST_BE_REJECTED))
                    .as(kind + " must be rejected")
                    .hasSizeBetween(CASES / 4, 3 * CASES / 4);
        }
        assertThat(cases(FuzzKind.PLAIN, Targets.plain()).filter(FuzzCase::sound))
                .hasSizeGreaterThan(CASES / 10);
    }

    @Test
    void expectsNothingOfPlaintextAndOfAlteredPacketsToBeAcceptedWhereThereIsAKey() {
        for (FuzzKind kind : List.of(FuzzKind.PLAIN, FuzzKind.FLIPPED)) {
            assertThat(cases(kind, Targets.sealed()).filter(made -> made.verdict() == Verdict.MAY_BE_ACCEPTED))
                    .as(kind.label())
                    .isEmpty();
        }
    }

    @Test
    void makesNoDatagramThatASocketWouldNotSend() {
        for (FuzzKind kind : List.of(FuzzKind.PLAIN, FuzzKind.SEALED, FuzzKind.FLIPPED)) {
            assertThat(cases(kind, Targets.sealed().labelled(Targets.LABEL))
                            .filter(made -> made.bytes().length() > 65_507))
                    .isEmpty();
        }
    }

    @Test
    void saysWhatIsNoId() {
        assertThatThrownBy(() -> Fuzzer.replay("sealed:4", Targets.sealed())).hasMessageContaining("kind:seed:index");
    }

    @Test
    void sealsNothingForATargetWithoutAKey() {
        assertThatThrownBy(() -> Fuzzer.create(1, Targets.plain()).at(FuzzKind.FLIPPED, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Stream<FuzzCase> cases(FuzzKind kind, FuzzTarget target) {
        return Fuzzer.create(Seed.VALUE, target).cases(kind, 0, CASES);
    }
}
