package io.sotto.testkit.fuzz;

import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSession;
import io.sotto.wire.yamux.YamuxSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Sends frames, sound and hostile, at yamux sessions, uses their streams meanwhile, and compares all that they do with a model
 * that was written from the specification alone: how each session ends, what its user is told, every byte of every stream, and
 * that no stream is left when both sides have ended all of them.
 *
 * <p>Everything is a function of the seed. A fault names it, with the number of the session: {@link #session} repeats that one
 * alone. Source: RPC specification, section 2.
 */
public final class YamuxFuzzer {
    private static final int SESSION_FRAMES_MAX = 20_000;
    private static final int FAULTS_MAX = 5;

    private final long seed;

    /**
     * What was found.
     *
     * @param seed that repeats it
     * @param frames that were sent
     * @param sessions that they were sent to
     * @param streams that were opened, by both sides
     * @param bytes of data that arrived, at both sides
     * @param endings how many sessions ended in which way; {@code NONE} for those that outlived their frames
     * @param faults what is wrong, the first few; empty if nothing is
     */
    public record Findings(
            long seed,
            long frames,
            long sessions,
            long streams,
            long bytes,
            Map<YamuxFailure, Long> endings,
            List<String> faults) {
        public Findings {
            endings = Map.copyOf(endings);
            faults = List.copyOf(faults);
        }
    }

    private YamuxFuzzer(long seed) {
        this.seed = seed;
    }

    public static YamuxFuzzer create(long seed) {
        return new YamuxFuzzer(seed);
    }

    /** Sends so many frames, to as many sessions as it takes. */
    public Findings run(long frames) {
        Tally tally = new Tally();
        for (long number = 0; tally.frames < frames && tally.faults.size() < FAULTS_MAX; number++) {
            run(number, frames - tally.frames, tally);
        }
        return tally.findings(seed);
    }

    /** The session with this number, alone. */
    public Findings session(long number) {
        Tally tally = new Tally();
        run(number, SESSION_FRAMES_MAX, tally);
        return tally.findings(seed);
    }

    private void run(long number, long framesLeft, Tally tally) {
        Chance chance = new Chance(new SplittableRandom(new SplittableRandom(seed ^ number * 31).nextLong()));
        boolean isLarge = chance.oneIn(4);
        YamuxSettings defaults = YamuxSettings.defaults();
        YamuxSettings settings = new YamuxSettings(
                chance.between(1, isLarge ? 256 : 8),
                chance.between(1, isLarge ? 4_096 : 12),
                YamuxSettings.INITIAL_WINDOW_BYTES * chance.between(1, 2),
                chance.between(16, isLarge ? 16_384 : 100),
                defaults.keepAliveInterval(),
                defaults.keepAliveTimeout(),
                defaults.streamCloseTimeout());
        boolean isClient = chance.random().nextBoolean();
        YamuxSession session = isClient ? YamuxSession.client(settings) : YamuxSession.server(settings);
        YamuxModel model = new YamuxModel(settings, isClient);
        YamuxDuel duel = new YamuxDuel(session, model, chance);
        int most = (int) Math.min(framesLeft, chance.oneIn(4) ? chance.between(1, SESSION_FRAMES_MAX) : 300);
        try {
            duel.fight(most);
        } catch (RuntimeException | AssertionError fault) {
            tally.faults.add("seed " + seed + ", session " + number + ", frame " + duel.frames() + ": " + fault);
        }
        tally.sessions++;
        tally.frames += Math.max(1, duel.frames());
        tally.streams += model.opened();
        tally.bytes += duel.bytes();
        tally.endings.merge(session.failure(), 1L, Long::sum);
    }

    private static final class Tally {
        private long frames;
        private long sessions;
        private long streams;
        private long bytes;
        private final Map<YamuxFailure, Long> endings = new EnumMap<>(YamuxFailure.class);
        private final List<String> faults = new ArrayList<>();

        Findings findings(long seed) {
            return new Findings(seed, frames, sessions, streams, bytes, endings, faults);
        }
    }
}
