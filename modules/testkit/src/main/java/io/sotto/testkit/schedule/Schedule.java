package io.sotto.testkit.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scenario: a pool forms, things are done to it at given times, then everything heals and all must agree. Immutable; the
 * same schedule runs the same way each time, since all chance in it comes from its seed.
 *
 * <pre>
 *   seed 42, 7 members, quick timing, sealed
 *   15.200 split n1,n2 n3,n4,n5,n6,n7
 *   21.750 kill n4
 *   30.100 mend
 *   33.000 heal
 * </pre>
 *
 * @param members that form the pool, {@code n1} to {@code n<members>}
 * @param sealed whether all have a key
 * @param steps in the order of their times
 * @param healAt when everything that was done is undone
 */
public record Schedule(long seed, int members, Timing timing, boolean sealed, List<Step> steps, Duration healAt) {
    /** At this time after the start, this is done. */
    public record Step(Duration at, Action action) {}

    /** At least two members, and steps in order that end before the healing. */
    public Schedule {
        steps = List.copyOf(steps);
        Duration last = Duration.ZERO;
        for (Step step : steps) {
            if (step.at().compareTo(last) < 0) {
                throw new IllegalArgumentException("steps must be in order, and " + step + " is not");
            }
            last = step.at();
        }
        if (members < 2 || healAt.compareTo(last) < 0) {
            throw new IllegalArgumentException(members + " members must be 2, and heal at " + healAt + " come last");
        }
    }

    /** The schedule of this number: 5 to 30 members, and one to four things that go wrong, apart or together. */
    public static Schedule random(long seed) {
        return new ScheduleDraw(seed).schedule();
    }

    /** All of it, to be read by people and by {@link #parse}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(", ").append(members).append(" members, ");
        text.append(timing.word())
                .append(" timing, ")
                .append(sealed ? "sealed" : "plain")
                .append('\n');
        steps.forEach(step -> line(text, step.at(), step.action().text()));
        line(text, healAt, "heal");
        return text.toString();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if the text is no schedule
     */
    public static Schedule parse(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        List<String> head = List.of(lines.get(0).split(", ", -1));
        if (head.size() != 4) {
            throw new IllegalArgumentException("'" + lines.get(0) + "' is no head of a schedule");
        }
        List<Step> steps = new ArrayList<>();
        Duration healAt = Duration.ZERO;
        for (String line : lines.subList(1, lines.size())) {
            int space = line.indexOf(' ');
            Duration at = Duration.ofMillis(Math.round(Double.parseDouble(line.substring(0, space)) * 1000));
            String action = line.substring(space + 1).strip();
            if (action.equals("heal")) {
                healAt = at;
            } else {
                steps.add(new Step(at, Action.parse(action)));
            }
        }
        return new Schedule(
                Long.parseLong(head.get(0).substring("seed ".length())),
                Integer.parseInt(head.get(1).substring(0, head.get(1).indexOf(' '))),
                Timing.valueOf(
                        head.get(2).substring(0, head.get(2).indexOf(' ')).toUpperCase(Locale.ROOT)),
                head.get(3).equals("sealed"),
                steps,
                healAt);
    }

    private static void line(StringBuilder text, Duration at, String action) {
        text.append(String.format(Locale.ROOT, "%.3f ", at.toMillis() / 1000.0))
                .append(action)
                .append('\n');
    }
}
