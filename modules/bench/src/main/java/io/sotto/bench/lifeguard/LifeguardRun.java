package io.sotto.bench.lifeguard;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Target P12: the whole grid, or with {@code -short} the two cells for which real figures exist, under every setting. The
 * same seed gives the same figures, on any machine.
 *
 * <p>{@code modules/bench/run lifeguard}, with {@link #FLAGS}. The last line it prints is one JSON object: one
 * object for each setting over all cells, one for each cell and setting, and what real memberlist did, as recorded.
 */
public final class LifeguardRun {
    /** What may follow the benchmark's name: how many members, how many of them slow, and blocked for how many seconds. */
    public static final String FLAGS = "[-short] [-seed SEED] [-n 64|128] [-c 4|8|16|32] [-d 2|4|8|16|32]";

    private static final List<Integer> MEMBERS = List.of(64, 128);
    private static final List<Integer> SLOW = List.of(4, 8, 16, 32);
    private static final List<Integer> BLOCKED_MILLIS = List.of(2_000, 4_000, 8_000, 16_000, 32_000);
    private static final List<Integer> OPEN_MILLIS = List.of(1, 64, 1_024, 4_096);
    private static final double MEDIAN = 0.5;
    private static final double LAST_PERCENT = 0.99;

    private final long seed;
    private final List<Cell> cells;
    private final Map<Setting, Found> sums = new EnumMap<>(Setting.class);
    private final List<String> cellJson = new ArrayList<>();
    private final StringBuilder table = new StringBuilder();

    private LifeguardRun(long seed, List<Cell> cells) {
        this.seed = seed;
        this.cells = cells;
    }

    /** Returns the exit code: 0 when it ran, whatever it found; 2 for flags that are none. */
    public static int run(List<String> words) {
        long seed = 1;
        List<Integer> members = MEMBERS;
        List<Integer> slow = SLOW;
        List<Integer> blocked = BLOCKED_MILLIS;
        boolean brief = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean hasValue = i + 1 < words.size();
            if (word.equals("-short") || word.equals("--short")) {
                brief = true;
            } else if (word.equals("-seed") && hasValue) {
                seed = Long.parseLong(words.get(++i));
            } else if (word.equals("-n") && hasValue) {
                members = List.of(Integer.parseInt(words.get(++i)));
            } else if (word.equals("-c") && hasValue) {
                slow = List.of(Integer.parseInt(words.get(++i)));
            } else if (word.equals("-d") && hasValue) {
                blocked = List.of(Integer.parseInt(words.get(++i)) * 1_000);
            } else {
                System.err.println("usage: modules/bench/run lifeguard " + FLAGS);
                return 2;
            }
        }
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        LifeguardRun run = new LifeguardRun(seed, brief ? recorded() : grid(members, slow, blocked));
        run.measure();
        System.out.print(run.page());
        System.err.flush();
        System.out.println(run.json());
        System.out.flush();
        return 0;
    }

    private static List<Cell> recorded() {
        return List.of(
                new Cell(64, 8, Duration.ofMillis(8_200), Duration.ofMillis(64)),
                new Cell(64, 8, Duration.ofMillis(16_400), Duration.ofMillis(64)));
    }

    private static List<Cell> grid(List<Integer> members, List<Integer> slowOnes, List<Integer> blockedMillis) {
        List<Cell> cells = new ArrayList<>();
        for (int n : members) {
            for (int slow : slowOnes) {
                for (int blocked : blockedMillis) {
                    for (int open : OPEN_MILLIS) {
                        cells.add(new Cell(n, slow, Duration.ofMillis(blocked), Duration.ofMillis(open)));
                    }
                }
            }
        }
        return cells;
    }

    private void measure() {
        for (Cell cell : cells) {
            for (Setting setting : Setting.values()) {
                Found found = Experiment.run(cell, setting, seed);
                sums.merge(setting, found, Found::plus);
                cellJson.add("{\"n\":" + cell.members() + ",\"c\":" + cell.slow() + ",\"d_s\":"
                        + cell.blocked().toMillis() / 1_000.0 + ",\"i_ms\":"
                        + cell.open().toMillis() + ",\"setting\":\"" + setting.label + "\"," + fields(found) + "}");
                System.err.println(row(cell + " " + setting.label, found).stripTrailing());
                if (Recorded.isRecorded(cell)) {
                    table.append(row(cell + " " + setting.label, found));
                }
            }
            if (Recorded.isRecorded(cell)) {
                Recorded.ALL.stream()
                        .filter(row -> Math.round(row.blockedSeconds() * 1_000)
                                == cell.blocked().toMillis())
                        .forEach(row -> table.append(row(row)));
            }
        }
    }

    private String page() {
        StringBuilder page = new StringBuilder("\nlifeguard: slow members, and whom they take with them (seed " + seed
                + ", " + cells.size() + " cells)\n\n");
        page.append(String.format(
                Locale.ROOT,
                "%-48s %7s %7s %9s %9s %9s %8s %8s%n",
                "",
                "fp",
                "healthy",
                "first p50",
                "first p99",
                "all p50",
                "msgs/s",
                "bytes/s"));
        page.append(table);
        sums.forEach((setting, found) -> page.append(row("all cells: " + setting.label, found)));
        page.append('\n');
        page.append(verdict("sotto", Setting.SOTTO, Setting.LIFEGUARD, 0.5, 0.9));
        page.append(verdict("sotto at alpha 2", Setting.SOTTO_ALPHA_2, Setting.LIFEGUARD_ALPHA_2, 0.1, 1.0));
        return page.append('\n').toString();
    }

    private String verdict(String who, Setting ours, Setting theirs, double fpMost, double detectMost) {
        Found mine = sum(ours);
        Found other = sum(theirs);
        double detect = median(mine) / median(other);
        boolean met = mine.falsePositives() <= fpMost * other.falsePositives() && detect <= detectMost;
        return String.format(
                Locale.ROOT,
                "P12  %s against %s: %d of %d false positives (at most %.1f of them), detection %.3f of its (at most %.1f): %s%n",
                who,
                theirs.label,
                mine.falsePositives(),
                other.falsePositives(),
                fpMost,
                detect,
                detectMost,
                met ? "met" : "NOT MET");
    }

    private static String row(String what, Found found) {
        return String.format(
                Locale.ROOT,
                "%-48s %7d %7d %9.2f %9.2f %9.2f %8.1f %8.0f%n",
                what,
                found.falsePositives(),
                found.falsePositivesHealthy(),
                median(found),
                Found.quantile(found.detectSeconds(), LAST_PERCENT),
                Found.quantile(found.disseminateSeconds(), MEDIAN),
                found.messages() / found.memberSeconds(),
                found.bytes() / found.memberSeconds());
    }

    private static String row(Recorded row) {
        return String.format(
                Locale.ROOT,
                "%-48s %7d %7d %9.2f %9s %9.2f%n",
                "  real memberlist, recorded: " + row.setting(),
                row.falsePositives(),
                row.falsePositivesHealthy(),
                row.detectSeconds(),
                "",
                row.disseminateSeconds());
    }

    private String json() {
        StringBuilder json = new StringBuilder("{\"benchmark\":\"lifeguard\",\"seed\":" + seed);
        sums.forEach((setting, found) -> json.append(",\"")
                .append(setting.label)
                .append("\":{")
                .append(fields(found))
                .append('}'));
        json.append(",\"recorded\":[")
                .append(String.join(
                        ",", Recorded.ALL.stream().map(LifeguardRun::json).toList()))
                .append("],\"cells\":[")
                .append(String.join(",", cellJson));
        return json.append("]}").toString();
    }

    private static String json(Recorded row) {
        return String.format(
                Locale.ROOT,
                "{\"who\":\"real memberlist, recorded\",\"setting\":\"%s\",\"n\":64,\"c\":8,\"d_s\":%.1f,\"i_ms\":64,\"fp\":%d,"
                        + "\"fp_healthy\":%d,\"detect_p50_s\":%.1f,\"disseminate_p50_s\":%.1f}",
                row.setting(),
                row.blockedSeconds(),
                row.falsePositives(),
                row.falsePositivesHealthy(),
                row.detectSeconds(),
                row.disseminateSeconds());
    }

    private static String fields(Found found) {
        return String.format(
                Locale.ROOT,
                "\"fp\":%d,\"fp_healthy\":%d,\"detect_p50_s\":%s,\"detect_p99_s\":%s,\"disseminate_p50_s\":%s,"
                        + "\"undetected\":%d,\"msgs\":%d,\"bytes\":%d",
                found.falsePositives(),
                found.falsePositivesHealthy(),
                number(median(found)),
                number(Found.quantile(found.detectSeconds(), LAST_PERCENT)),
                number(Found.quantile(found.disseminateSeconds(), MEDIAN)),
                found.undetected(),
                found.messages(),
                found.bytes());
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static double median(Found found) {
        return Found.quantile(found.detectSeconds(), MEDIAN);
    }

    private Found sum(Setting setting) {
        return sums.getOrDefault(setting, Found.nothing());
    }
}
