package io.sotto.bench.schedules;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sotto.testkit.schedule.Schedule;
import io.sotto.testkit.schedule.ScheduleRun;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * N random schedules, each a number from SEED on, every invariant watching. Two worlds run side by side, each on a thread of
 * its own. What failed is told at once, with all that is needed to run it again; the last line is JSON.
 */
public final class SchedulesRun {
    private static final long DEFAULT_COUNT = 1_000;
    private static final int THREADS_MAX = 2;
    private static final int BAR_WIDTH = 40;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final long count;
    private final long from;
    private final PrintStream progress;
    private final AtomicLong next;
    private final List<Long> failed = new ArrayList<>();
    private Duration virtual = Duration.ZERO;
    private Duration longestHealing = Duration.ZERO;
    private long done;
    private int barShown = -1;

    private SchedulesRun(long count, long from, PrintStream progress) {
        this.count = count;
        this.from = from;
        this.progress = progress;
        this.next = new AtomicLong(from);
    }

    /** {@code [-n COUNT] [-from SEED]}; gives the exit code: 0 when none failed, 1 when one did, 2 for wrong arguments. */
    public static int run(List<String> arguments) throws Exception {
        Map<String, Long> flags = new TreeMap<>(Map.of("-n", DEFAULT_COUNT, "-from", 1L));
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (!flags.containsKey(arguments.get(i)) || !value.matches("\\d{1,18}")) {
                System.err.println("usage: modules/bench/run schedules [-n COUNT] [-from SEED]");
                return 2;
            }
            flags.put(arguments.get(i), Long.parseLong(value));
        }
        SchedulesRun run =
                new SchedulesRun(flags.getOrDefault("-n", DEFAULT_COUNT), flags.getOrDefault("-from", 1L), System.err);
        // Thousands of members that come, go and contest names would write a line about each.
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.OFF);
        long started = System.nanoTime();
        run.all();
        System.err.flush();
        System.out.println(run.json((System.nanoTime() - started) / NANOS_PER_SECOND));
        System.out.flush();
        return run.failed.isEmpty() ? 0 : 1;
    }

    private void all() throws Exception {
        int threads = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
        ExecutorService worlds = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(worlds.submit(this::share));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            worlds.shutdownNow();
        }
        progress.println();
    }

    /** What one thread does: the next schedule, until there is none. */
    private void share() {
        for (long seed = next.getAndIncrement(); seed < from + count; seed = next.getAndIncrement()) {
            Schedule schedule = Schedule.random(seed);
            try {
                took(ScheduleRun.run(schedule));
            } catch (RuntimeException | Error e) {
                throw new IllegalStateException("schedule " + seed + " could not be run:\n" + schedule.text(), e);
            }
        }
    }

    private synchronized void took(ScheduleRun.Outcome outcome) {
        done++;
        virtual = virtual.plus(outcome.virtual());
        if (outcome.healing().compareTo(longestHealing) > 0) {
            longestHealing = outcome.healing();
        }
        outcome.failure().ifPresent(failure -> {
            failed.add(outcome.schedule().seed());
            progress.println();
            progress.print(failure.text());
            barShown = -1;
        });
        showBar();
    }

    private void showBar() {
        int bar = (int) (done * BAR_WIDTH / Math.max(1, count));
        if (bar != barShown || done == count) {
            barShown = bar;
            progress.print("\rschedules [" + "#".repeat(bar) + "-".repeat(BAR_WIDTH - bar) + "] " + done + " of "
                    + count + ", " + failed.size() + " failed");
            progress.flush();
        }
    }

    private synchronized String json(double seconds) {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"schedules\",\"schedules\":%d,\"failed\":%d,\"virtual_hours\":%.2f,\"seconds\":%.1f,"
                        + "\"from\":%d,\"longest_healing_s\":%.1f,\"failed_seeds\":%s}",
                done,
                failed.size(),
                virtual.toMillis() / MILLIS_PER_HOUR,
                seconds,
                from,
                longestHealing.toMillis() / 1_000.0,
                failed.stream().sorted().toList().toString().replace(" ", ""));
    }
}
