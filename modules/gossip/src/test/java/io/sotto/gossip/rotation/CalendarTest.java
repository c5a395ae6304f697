package io.sotto.gossip.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.rotation.Calendar.Notice;
import io.sotto.membership.rotation.RotationCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalendarTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final List<String> POOL = List.of("a", "b", "c");
    private static final NonceBudget SMALL = new NonceBudget(10_000, 50, NonceBudget.Action.ROTATE);

    @Test
    void byItselfNothingIsEverDue() {
        Calendar calendar = new Calendar(RotationSettings.defaults(), "a");

        assertThat(calendar.due(spent(1L << 31), POOL, START.plus(Duration.ofDays(9_999))))
                .isEmpty();
    }

    @Test
    void aKeyOfThatAgeIsReplacedByTheFirstMemberThatIsThere() {
        RotationSettings monthly = RotationSettings.defaults().withEvery(Duration.ofDays(30));
        Instant due = START.plus(Duration.ofDays(30));

        assertThat(new Calendar(monthly, "a").due(spent(1), POOL, due.minusMillis(1)))
                .isEmpty();
        assertThat(new Calendar(monthly, "a").due(spent(1), POOL, due)).contains(RotationCause.AGE);
        assertThat(new Calendar(monthly, "b").due(spent(1), POOL, due)).isEmpty();
        assertThat(new Calendar(monthly, "b").due(spent(1), List.of("b", "c"), due))
                .as("a is away")
                .contains(RotationCause.AGE);
    }

    @Test
    void onlyTheMembersThatAreNamedDriveIfAnyAre() {
        RotationSettings named = new RotationSettings(
                Duration.ofDays(30), List.of("c", "a"), Duration.ofMinutes(1), 2, NonceBudget.defaults());
        Instant due = START.plus(Duration.ofDays(31));

        assertThat(new Calendar(named, "c").due(spent(1), POOL, due)).contains(RotationCause.AGE);
        assertThat(new Calendar(named, "a").due(spent(1), POOL, due)).isEmpty();
        assertThat(new Calendar(named, "b").due(spent(1), List.of("b"), due)).isEmpty();
    }

    @Test
    void aRotationThatWasTriedIsNotTriedAgainAtOnce() {
        Calendar calendar = new Calendar(RotationSettings.defaults().withEvery(Duration.ofDays(30)), "a");
        Instant due = START.plus(Duration.ofDays(30));

        calendar.tried(due);

        assertThat(calendar.due(spent(1), POOL, due.plus(Duration.ofMinutes(59))))
                .isEmpty();
        assertThat(calendar.due(spent(1), POOL, due.plus(Duration.ofMinutes(60))))
                .contains(RotationCause.AGE);
    }

    @Test
    void oneThatMayNotBeginYetIsDueAgainBeforeLongAndThatIsToldOnce() {
        Calendar calendar = new Calendar(RotationSettings.defaults().withEvery(Duration.ofDays(30)), "a");
        Instant due = START.plus(Duration.ofDays(30));

        assertThat(calendar.hindered(due)).isTrue();
        assertThat(calendar.due(spent(1), POOL, due.plusSeconds(59))).isEmpty();
        assertThat(calendar.due(spent(1), POOL, due.plusSeconds(60))).contains(RotationCause.AGE);
        assertThat(calendar.hindered(due.plusSeconds(60))).isFalse();

        calendar.tried(due.plusSeconds(120));
        assertThat(calendar.hindered(due.plus(Duration.ofDays(30))))
                .as("of another one")
                .isTrue();
    }

    @Test
    void theBudgetIsWarnedOfOnceAndItsEndEveryHour() {
        Calendar calendar = new Calendar(RotationSettings.defaults().withBudget(SMALL), "a");

        assertThat(calendar.notice(spent(4_999), START)).isEqualTo(Notice.NONE);
        assertThat(calendar.notice(spent(5_000), START)).isEqualTo(Notice.WARN);
        assertThat(calendar.notice(spent(9_999), START.plusSeconds(9_999))).isEqualTo(Notice.NONE);
        assertThat(calendar.notice(spent(10_000), START.plusSeconds(10_000))).isEqualTo(Notice.SPENT);
        assertThat(calendar.notice(spent(10_001), START.plusSeconds(10_001))).isEqualTo(Notice.NONE);
        assertThat(calendar.notice(spent(10_002), START.plusSeconds(13_600))).isEqualTo(Notice.SPENT);
        assertThat(calendar.notice(new Seals.Spent("another", START, 1), START.plusSeconds(13_601)))
                .isEqualTo(Notice.NONE);
    }

    @Test
    void whoseBudgetIsSpentWaitsForThoseBeforeItToRotate() {
        Calendar third = new Calendar(RotationSettings.defaults().withBudget(SMALL), "c");
        third.notice(spent(10_000), START);

        assertThat(third.due(
                        spent(10_000), POOL, START.plus(Duration.ofMinutes(10)).minusMillis(1)))
                .isEmpty();
        assertThat(third.due(spent(10_000), POOL, START.plus(Duration.ofMinutes(10))))
                .contains(RotationCause.BUDGET);
        assertThat(third.due(new Seals.Spent("another", START, 1), POOL, START.plus(Duration.ofMinutes(11))))
                .as("somebody did")
                .isEmpty();
    }

    @Test
    void aBudgetThatOnlyWarnsRotatesNothing() {
        Calendar calendar = new Calendar(
                RotationSettings.defaults().withBudget(new NonceBudget(10_000, 50, NonceBudget.Action.WARN)), "a");
        calendar.notice(spent(10_000), START);

        assertThat(calendar.due(spent(10_000), POOL, START.plus(Duration.ofDays(1))))
                .isEmpty();
    }

    private static Seals.Spent spent(long messages) {
        return new Seals.Spent("1c0216e1", START, messages);
    }
}
