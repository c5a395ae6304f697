package io.sotto.testkit.schedule;

import io.sotto.testkit.schedule.Action.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws a schedule from its seed: a pool forms, then one to four episodes, each something that goes wrong and is undone,
 * sometimes before the one before it is over. At least three of the first members are neither killed nor told to leave.
 */
final class ScheduleDraw {
    private static final int LEFT_ALONE = 3;
    private static final double HOUR_SECONDS = 3_600;

    private final long seed;
    private final SplittableRandom random;
    private final List<Schedule.Step> steps = new ArrayList<>();
    /** Who may be killed or told to leave. */
    private final List<String> expendable = new ArrayList<>();

    private final List<String> present = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();
    private int named;
    private int intruders;
    private long clockMillis;
    private long lastMillis;

    ScheduleDraw(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    Schedule schedule() {
        int members = size();
        for (int i = 0; i < members; i++) {
            present.add(newName());
        }
        expendable.addAll(present.subList(LEFT_ALONE, members));
        int timing = random.nextInt(10);
        boolean sealed = oneIn(8);
        clockMillis = between(1_000, 16_000);
        for (int episodes = between(1, 4); episodes > 0; episodes--) {
            long begin = clockMillis;
            long end = begin + episode(begin);
            boolean overlapping = oneIn(3);
            clockMillis = overlapping ? between(begin, end) : end + between(200, 12_000);
        }
        steps.sort(Comparator.comparing(Schedule.Step::at));
        return new Schedule(
                seed,
                members,
                timing == 0 ? Timing.LAN : timing == 1 ? Timing.LOCAL : Timing.QUICK,
                sealed,
                steps,
                Duration.ofMillis(lastMillis + between(0, 3_000)));
    }

    private int size() {
        int kind = random.nextInt(20);
        return kind < 15 ? between(5, 8) : kind < 19 ? between(9, 14) : between(15, 30);
    }

    /** Adds what goes wrong from {@code begin} on; answers how many milliseconds it takes. */
    private long episode(long begin) {
        return switch (random.nextInt(28)) {
            case 0, 1 -> loss(begin);
            case 2, 3, 4 -> split(begin);
            case 5, 6 -> oneWay(begin);
            case 7, 8 -> oneLink(begin);
            case 9, 10, 11 -> kill(begin);
            case 12 -> restart(begin);
            case 13, 14 -> pause(begin);
            case 15, 16 -> block(begin);
            case 17 -> slow(begin);
            case 18 -> clock(begin);
            case 19 -> add(begin);
            case 20, 21 -> leave(begin);
            case 22 -> killInPeace(begin);
            case 23 -> leaveInPeace(begin);
            case 24 -> succeed(begin);
            case 25 -> usurp(begin);
            case 26 -> relapse(begin);
            default -> intrude(begin);
        };
    }

    private long loss(long begin) {
        long lasts = between(4_000, 20_000);
        at(begin, Action.of(Verb.LOSS, between(1, 8) * 5 / 100.0));
        at(begin + lasts, Action.of(Verb.LOSS, 0));
        return lasts;
    }

    private long split(long begin) {
        long lasts = oneIn(3) ? between(1_000, 8_000) : between(8_000, 35_000);
        List<String> order = shuffled(present);
        int first = oneIn(3) ? 1 : between(1, order.size() - 1);
        at(begin, Action.of(Verb.SPLIT, order.subList(0, first), order.subList(first, order.size())));
        if (order.size() - first >= 2 && oneIn(4)) {
            int second = between(first + 1, order.size() - 1);
            at(begin, Action.of(Verb.SPLIT, order.subList(first, second), order.subList(second, order.size())));
        }
        if (!expendable.isEmpty() && oneIn(4)) {
            depart(begin + between(0, lasts), oneIn(2) ? Verb.LEAVE : Verb.KILL);
        }
        at(begin + lasts, Action.of(Verb.MEND));
        return lasts;
    }

    private long oneWay(long begin) {
        long lasts = between(3_000, 25_000);
        List<String> order = shuffled(present);
        int first = oneIn(2) ? 1 : between(1, order.size() - 1);
        List<String> some = order.subList(0, first);
        List<String> others = order.subList(first, order.size());
        at(begin, random.nextBoolean() ? Action.of(Verb.CUT, some, others) : Action.of(Verb.CUT, others, some));
        at(begin + lasts, Action.of(Verb.MEND));
        return lasts;
    }

    private long oneLink(long begin) {
        long lasts = between(5_000, 30_000);
        List<String> order = shuffled(present);
        Verb verb = random.nextBoolean() ? Verb.CUT : Verb.SPLIT;
        at(begin, Action.of(verb, order.subList(0, 1), order.subList(1, 2)));
        at(begin + lasts, Action.of(Verb.MEND));
        return lasts;
    }

    private long kill(long begin) {
        long lasts = between(2_000, 25_000);
        for (int count = oneIn(3) ? 2 : 1; count > 0; count--) {
            if (!expendable.isEmpty()) {
                String name = depart(begin, Verb.KILL);
                if (!oneIn(3)) {
                    comeBack(begin + lasts, name);
                }
            }
        }
        return lasts;
    }

    /** One stops while all is well, and nothing else happens until it must be known. */
    private long killInPeace(long begin) {
        long lasts = between(10_000, 30_000);
        if (!expendable.isEmpty()) {
            depart(begin + 10_000, Verb.KILL);
        }
        return lasts;
    }

    /** One leaves while all is well, and nothing else happens until all must know that it left. */
    private long leaveInPeace(long begin) {
        if (!expendable.isEmpty()) {
            depart(begin + 7_000, Verb.LEAVE);
        }
        return 21_000;
    }

    /** One leaves, and others come while it is still remembered. */
    private long succeed(long begin) {
        if (!expendable.isEmpty()) {
            depart(begin, Verb.LEAVE);
        }
        return 5_000 + add(begin + between(4_000, 8_000));
    }

    /** One is held for long enough to be suspected, contradicts, and later stops. */
    private long relapse(long begin) {
        long held = between(3_000, 5_000);
        if (!expendable.isEmpty()) {
            String name = depart(begin + held + between(6_000, 12_000), Verb.KILL);
            at(begin, Action.of(Verb.PAUSE, List.of(name)));
            at(begin + held, Action.of(Verb.RESUME, List.of(name)));
        }
        return between(25_000, 35_000);
    }

    /** One stops, and a stranger claims its name while it is still remembered. */
    private long usurp(long begin) {
        if (!expendable.isEmpty()) {
            String victim = depart(begin, Verb.KILL);
            intrude(begin + between(5_000, 14_000), victim);
        }
        return between(15_000, 25_000);
    }

    private long restart(long begin) {
        comeBack(begin, one(present));
        return between(500, 5_000);
    }

    private long pause(long begin) {
        long lasts = oneIn(2) ? between(500, 5_000) : between(5_000, 25_000);
        List<String> some = few();
        at(begin, Action.of(Verb.PAUSE, some));
        at(begin + lasts, Action.of(Verb.RESUME, some));
        return lasts;
    }

    private long block(long begin) {
        long lasts = between(1_000, 20_000);
        List<String> some = few();
        at(begin, Action.of(Verb.BLOCK, some));
        at(begin + lasts, Action.of(Verb.UNBLOCK, some));
        return lasts;
    }

    private long slow(long begin) {
        long lasts = between(3_000, 20_000);
        at(begin, Action.of(Verb.SLOW, few(), between(20, 1_500)));
        at(begin + lasts, Action.of(Verb.HURRY));
        return lasts;
    }

    private long clock(long begin) {
        double seconds = oneIn(2) ? HOUR_SECONDS : between(1, (int) HOUR_SECONDS);
        at(begin, Action.of(Verb.CLOCK, few(), random.nextBoolean() ? seconds : -seconds));
        return between(500, 5_000);
    }

    private long add(long begin) {
        List<String> added = new ArrayList<>();
        for (int count = between(1, 6); count > 0; count--) {
            added.add(newName());
        }
        at(begin, Action.of(Verb.ADD, added, List.of(one(present))));
        present.addAll(added);
        expendable.addAll(added);
        return between(500, 8_000);
    }

    private long leave(long begin) {
        if (!expendable.isEmpty()) {
            String name = depart(begin, Verb.LEAVE);
            if (oneIn(3)) {
                comeBack(begin + between(1_000, 20_000), name);
            }
        }
        return between(3_000, 12_000);
    }

    private long intrude(long begin) {
        intrude(begin, oneIn(2) && !absent.isEmpty() ? one(absent) : one(present));
        return between(1_000, 10_000);
    }

    private void intrude(long begin, String victim) {
        String target = present.get(0).equals(victim) ? present.get(1) : present.get(0);
        at(begin, Action.of(Verb.INTRUDE, List.of("x" + ++intruders + "-" + victim), List.of(target)));
    }

    private String depart(long at, Verb verb) {
        String name = expendable.remove(random.nextInt(expendable.size()));
        at(at, Action.of(verb, List.of(name)));
        present.remove(name);
        absent.add(name);
        return name;
    }

    private void comeBack(long at, String name) {
        String target = present.get(0).equals(name) ? present.get(1) : present.get(0);
        at(at, Action.of(Verb.RESTART, List.of(name), List.of(target)));
        if (absent.remove(name)) {
            present.add(name);
        }
    }

    private List<String> few() {
        return shuffled(present).subList(0, oneIn(3) ? 2 : 1);
    }

    private void at(long millis, Action action) {
        steps.add(new Schedule.Step(Duration.ofMillis(millis), action));
        lastMillis = Math.max(lastMillis, millis);
    }

    private String newName() {
        return "n" + ++named;
    }

    private List<String> shuffled(List<String> names) {
        List<String> order = new ArrayList<>(names);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** Both included. */
    private int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    private long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }
}
