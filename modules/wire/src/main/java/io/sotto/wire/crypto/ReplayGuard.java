package io.sotto.wire.crypto;

import io.sotto.wire.Rejection.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows envelopes again that came before: by a sliding window where the sender counts, by memory of some time where it does
 * not.
 *
 * <pre>
 *   nonce = prefix 8 bytes | counter 4 bytes       (as {@link CountedNonceSource} draws them)
 *
 *   first of its prefix   remembered for {@link Settings#duplicateTime}; again within it: turned away
 *   second of its prefix  the sender counts: a window of {@value #WIDTH} nonces
 *        older than the window, or in it and seen   turned away
 *        in it and not seen, or ahead               passes
 *        ahead by more than {@value #LEAP_MAX}       passes and is remembered, and does not move the window
 *   prefix known for longer than a sender keeps one: turned away
 * </pre>
 *
 * <p>Whoever sends nonces at random shares a prefix with nobody, so its envelopes are remembered one by one. A window stands
 * for one prefix under one key, so that who holds another key of the ring cannot move it; and no single envelope moves it
 * far, so that none mutes a member. Both memories are bounded; beyond the bound the eldest entry is forgotten.
 *
 * <p>Safe to call from any thread; makes nothing per envelope. Source: ours; RFC 4303, section 3.4.3, and RFC 6479 for the
 * window; security rules, "Keys", for the times.
 */
public final class ReplayGuard implements EnvelopeGuard {
    /** How far back of the highest nonce of a prefix an envelope may come and still pass. */
    public static final int WIDTH = 1_024;

    /** How far one envelope moves a window at most. */
    static final int LEAP_MAX = 1 << 16;

    /** What an envelope may take on its way, and in the queues of both ends. */
    private static final Duration ON_THE_WAY_MAX = Duration.ofMinutes(2);

    /** A sender draws its prefix anew every 10 minutes: security rules, the one nonce rule. */
    private static final long PREFIX_LIFE_NANOS =
            Duration.ofMinutes(10).plus(ON_THE_WAY_MAX).toNanos();

    private static final Opened.Refused REPLAYED =
            new Opened.Refused(Reason.REPLAY, "its nonce came before, or is one of those that are over");
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final int DROPPED_AT_ONCE = 4;
    /** One more than the window fills: the word that the highest nonce enters is cleared as a whole. */
    private static final int WORDS = WIDTH / Long.SIZE + 1;
    /** The highest nonce of the prefix, then the bits of those seen. */
    private static final int WINDOW_STRIDE = 1 + WORDS;

    private final long duplicateNanos;
    private final LongSupplier nanos;
    private final PrefixRing windows;
    private final PrefixRing singles;

    /**
     * How much is remembered.
     *
     * @param windowsMax prefixes of senders that count, some 170 bytes each
     * @param duplicateTime how long an envelope of a sender that does not count is known again
     * @param duplicatesMax how many of those, some 40 bytes each
     */
    public record Settings(int windowsMax, Duration duplicateTime, int duplicatesMax) {
        public Settings {
            if (windowsMax < 1 || duplicatesMax < 1 || duplicateTime.isNegative()) {
                throw new IllegalArgumentException("a replay guard of " + windowsMax + " windows and " + duplicatesMax
                        + " envelopes for " + duplicateTime);
            }
        }

        /** 16,384 windows; 65,536 envelopes for 120 s. */
        public static Settings defaults() {
            return new Settings(16_384, Duration.ofMinutes(2), 65_536);
        }
    }

    /**
     * A guard that has seen nothing yet.
     *
     * @param nanos a monotonic clock
     * @param seed chosen by chance
     */
    public ReplayGuard(Settings settings, LongSupplier nanos, long seed) {
        this.duplicateNanos = settings.duplicateTime().toNanos();
        this.nanos = nanos;
        this.windows = new PrefixRing(settings.windowsMax(), WINDOW_STRIDE, seed);
        this.singles = new PrefixRing(settings.duplicatesMax(), 1, ~seed);
    }

    @Override
    public Opened.@Nullable Refused judge(EnvelopeVersion version, long prefix, int counter, GossipKey key) {
        return admits(prefix, Integer.toUnsignedLong(counter), key.hashCode()) ? null : REPLAYED;
    }

    /** Prefixes of senders that count, remembered now. */
    public synchronized int windows() {
        return windows.size();
    }

    /** Envelopes of other senders, remembered now. */
    public synchronized int duplicates() {
        return singles.size();
    }

    /** What was forgotten before its time because the memories were full. */
    public synchronized long forgotten() {
        return windows.evicted() + singles.evicted();
    }

    private synchronized boolean admits(long prefix, long counter, int key) {
        long now = nanos.getAsLong();
        int window = windows.find(prefix, key);
        if (window != PrefixRing.NONE) {
            return now - windows.bornNanos(window) <= PREFIX_LIFE_NANOS
                    && admitsCounted(window, prefix, counter, key, now);
        }
        singles.dropBefore(now - duplicateNanos, DROPPED_AT_ONCE);
        int single = singles.find(prefix, key);
        if (single == PrefixRing.NONE) {
            remember(prefix, counter, key, now);
            return true;
        }
        long first = singles.numbers()[single];
        if (first == counter) {
            return false;
        }
        // One that is far ahead of the others does not make them old: the window begins with the lower.
        boolean isFirstFarAhead = first - counter >= WIDTH;
        int begun = windows.add(prefix, key, singles.bornNanos(single));
        advance(begun, isFirstFarAhead ? counter : first);
        return isFirstFarAhead || admitsCounted(begun, prefix, counter, key, now);
    }

    private boolean admitsCounted(int window, long prefix, long counter, int key, long now) {
        long[] numbers = windows.numbers();
        int at = window * WINDOW_STRIDE;
        long ahead = counter - numbers[at];
        if (ahead > LEAP_MAX) {
            return admitsOnce(prefix ^ (counter * SPREAD), counter, key, now);
        }
        if (ahead > 0) {
            advance(window, counter);
            return true;
        }
        int word = at + 1 + word(counter);
        long bit = 1L << counter;
        if (-ahead >= WIDTH || (numbers[word] & bit) != 0) {
            return false;
        }
        numbers[word] |= bit;
        return true;
    }

    private boolean admitsOnce(long name, long counter, int key, long now) {
        singles.dropBefore(now - duplicateNanos, DROPPED_AT_ONCE);
        if (singles.find(name, key) != PrefixRing.NONE) {
            return false;
        }
        remember(name, counter, key, now);
        return true;
    }

    private void remember(long prefix, long counter, int key, long now) {
        int slot = singles.add(prefix, key, now);
        singles.numbers()[slot] = counter;
    }

    /** Moves the window up to {@code counter}, which is the highest nonce then, and seen. */
    private void advance(int window, long counter) {
        long[] numbers = windows.numbers();
        int at = window * WINDOW_STRIDE;
        long highest = numbers[at];
        long entered = Math.min(WORDS, (counter >>> 6) - (highest >>> 6));
        // Above the highest the bits of its own word are clear, so only the words that it enters have to be cleared.
        for (int i = 1; i <= entered; i++) {
            numbers[at + 1 + word(highest + (long) i * Long.SIZE)] = 0;
        }
        numbers[at] = counter;
        numbers[at + 1 + word(counter)] |= 1L << counter;
    }

    private static int word(long counter) {
        return (int) ((counter >>> 6) % WORDS);
    }
}
