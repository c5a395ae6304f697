package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guarded table, row by row; the member known, if one is, has incarnation 5. */
class GuardedClaimsTest {
    private static final long JUMP = 100;
    private final ClaimPolicy policy =
            ClaimPolicy.guarded(new GuardSettings(JUMP, 10, 4, 10, 10, 10, 10), Duration.ofSeconds(1));

    @ParameterizedTest(name = "{0} of {1}, known as {2}, told by {3}: {4}")
    @CsvSource({
        // Who is new, or back, answers a ping first.
        "ALIVE, 1, UNKNOWN, OTHERS, UNPROVEN",
        "ALIVE, 1, UNKNOWN, WITNESSED, COUNTS",
        "ALIVE, 1, UNKNOWN, OWNER, COUNTS",
        "ALIVE, 6, DEAD, OTHERS, UNPROVEN",
        "ALIVE, 6, LEFT, OTHERS, UNPROVEN",
        "ALIVE, 6, DEAD, WITNESSED, COUNTS",
        "ALIVE, 6, LEFT, OWNER, COUNTS",
        // Of who is there, small steps count from anybody.
        "ALIVE, 6, ALIVE, OTHERS, COUNTS",
        "ALIVE, 6, SUSPECT, OTHERS, COUNTS",
        "ALIVE, 105, ALIVE, OTHERS, COUNTS",
        "SUSPECT, 5, ALIVE, OTHERS, COUNTS",
        "SUSPECT, 105, ALIVE, OTHERS, COUNTS",
        // Large ones are the owner's alone, in both directions.
        "ALIVE, 106, ALIVE, OTHERS, IMPLAUSIBLE",
        "ALIVE, 4294967295, ALIVE, OTHERS, IMPLAUSIBLE",
        "ALIVE, 4294967295, DEAD, OTHERS, IMPLAUSIBLE",
        "ALIVE, 4294967295, ALIVE, WITNESSED, IMPLAUSIBLE",
        "ALIVE, 4294967295, UNKNOWN, OTHERS, IMPLAUSIBLE",
        "ALIVE, 4294967295, UNKNOWN, WITNESSED, IMPLAUSIBLE",
        "ALIVE, 4294967295, ALIVE, OWNER, REPLACES",
        "ALIVE, 4294967295, UNKNOWN, OWNER, COUNTS",
        "SUSPECT, 106, ALIVE, OTHERS, IMPLAUSIBLE",
        "SUSPECT, 4294967295, SUSPECT, OTHERS, IMPLAUSIBLE",
        "DEAD, 4294967295, ALIVE, OTHERS, IMPLAUSIBLE",
        "LEAVES, 4294967295, ALIVE, OTHERS, IMPLAUSIBLE",
        // A death is a suspicion first, but for our own.
        "DEAD, 5, ALIVE, OTHERS, SUSPECTED",
        "DEAD, 105, SUSPECT, OTHERS, SUSPECTED",
        "LEAVES, 5, ALIVE, OTHERS, SUSPECTED",
        "DEAD, 5, ALIVE, OURSELVES, COUNTS",
        "SUSPECT, 5, ALIVE, OURSELVES, COUNTS"
    })
    void decidesByWhatIsKnown(String kind, long incarnation, String known, Teller teller, Ruling ruling) {
        assertThat(policy.weigh(claim(kind, incarnation), known(known), Grounds.of(teller)))
                .isEqualTo(ruling);
        assertThat(ClaimPolicy.upstream().weigh(claim(kind, incarnation), known(known), Grounds.of(teller)))
                .isEqualTo(Ruling.COUNTS);
    }

    @ParameterizedTest(name = "{0}, our ping failed: {1}, answered {2} ms ago, leaving for {3} ms: {4}")
    @CsvSource({
        "DEAD, true, , , COUNTS",
        "LEAVES, true, , , COUNTS",
        "DEAD, false, 999, , CONTRADICTED",
        "DEAD, false, 1000, , SUSPECTED",
        "LEAVES, false, , 0, WAITS",
        "LEAVES, false, , 999, WAITS",
        "LEAVES, false, 10, 1000, COUNTS",
        "DEAD, false, , 1000, SUSPECTED",
        "LEAVES, false, 999, , CONTRADICTED"
    })
    void decidesByWhatSpeaksAgainstADeath(String kind, boolean failed, Long answered, Long leaving, Ruling ruling) {
        Grounds grounds = new Grounds(Teller.OTHERS, failed, millis(answered), millis(leaving));

        assertThat(policy.weigh(claim(kind, 5), known("ALIVE"), grounds)).isEqualTo(ruling);
    }

    @Test
    void countsPeriodsByTheTimingInForce() {
        AtomicReference<SwimSettings> timing = new AtomicReference<>(SwimSettings.lan());
        PoolRules rules = PoolRules.open("self", SwimSettings.lan(), SerfSettings.serf())
                .withTiming(timing::get)
                .withClaims(policy);
        Grounds intentKnown = new Grounds(Teller.OTHERS, false, Optional.empty(), millis(1_500L));
        assertThat(rules.claims().weigh(claim("LEAVES", 5), known("ALIVE"), intentKnown))
                .isEqualTo(Ruling.COUNTS);

        timing.set(SwimSettings.lan().withProbe(Duration.ofSeconds(2), Duration.ofSeconds(1)));

        assertThat(rules.claims().weigh(claim("LEAVES", 5), known("ALIVE"), intentKnown))
                .isEqualTo(Ruling.WAITS);
        assertThat(rules.withSelf("other").claims().weigh(claim("LEAVES", 5), known("ALIVE"), intentKnown))
                .isEqualTo(Ruling.WAITS);
    }

    @ParameterizedTest(name = "at {1}, told of {0}: {2}")
    @CsvSource({"101, 1, true", "102, 1, false", "4294967295, 1, false", "4294967295, 4294967290, true", "1, 50, true"})
    void followsWhatIsSaidOfOurselvesInSmallStepsOnly(long told, long own, boolean follows) {
        assertThat(policy.follows(told, own)).isEqualTo(follows);
        assertThat(ClaimPolicy.upstream().follows(told, own)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ALIVE", "DEAD"})
    void countsAnAddressThatWasReclaimedOnlyWhenSomebodyAnswersThere(NodeState state) {
        MemberRecord known = Members.member("n", state);
        var elsewhere = new SwimMessage.Alive(1, "n", Members.address(42), known.meta(), known.vsn());

        assertThat(policy.weigh(elsewhere, Optional.of(known), Grounds.of(Teller.OTHERS)))
                // Of a living member it is a conflict, which the machine sees to.
                .isEqualTo(state == NodeState.ALIVE ? Ruling.COUNTS : Ruling.UNPROVEN);
    }

    private static SwimMessage.Claim claim(String kind, long incarnation) {
        return switch (kind) {
            case "ALIVE" -> Members.aliveClaim("n", incarnation);
            case "SUSPECT" -> new SwimMessage.Suspect(incarnation, "n", "a");
            case "DEAD" -> new SwimMessage.Dead(incarnation, "n", "a");
            case "LEAVES" -> new SwimMessage.Dead(incarnation, "n", "n");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Optional<MemberRecord> known(String state) {
        return state.equals("UNKNOWN") ? Optional.empty() : Optional.of(Members.member("n", NodeState.valueOf(state)));
    }

    private static Optional<Duration> millis(Long millis) {
        return Optional.ofNullable(millis).map(Duration::ofMillis);
    }
}
