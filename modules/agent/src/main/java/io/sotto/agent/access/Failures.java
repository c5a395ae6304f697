package io.sotto.agent.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How often each address was refused lately, and how often it guessed a token. So many a minute are answered; then nothing is
 * looked at any more until the minute is over, but for tokens that were right from there before: a neighbour's guesses
 * lock nobody out.
 *
 * <p>Remembers a bounded number of addresses; the one longest unheard of makes room. An address of IPv6 stands for its /64. Safe
 * from any thread. Source: ours.
 */
final class Failures {
    /** What is counted, each apart from the other. */
    enum Kind {
        /** A token that nobody has. */
        GUESS,
        /** A request that its sender may not make. */
        REFUSAL
    }

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int WELL_KNOWN_MAX = 16;
    private static final int PREFIX_BYTES = 8;

    private final int max;
    private final int addressesMax;
    private final Map<String, Past> pasts;

    /** How many of one kind since when. */
    private record Tally(int count, Instant since) {
        boolean isOver(Instant now) {
            return now.isBefore(since) || !now.isBefore(since.plus(WINDOW));
        }
    }

    /** Of one address. */
    private static final class Past {
        private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
        private final Set<String> wellKnown = new LinkedHashSet<>();
    }

    Failures(int max, int addressesMax) {
        this.max = max;
        this.addressesMax = addressesMax;
        this.pasts = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** How long this address has to wait; empty: not at all. */
    synchronized Optional<Duration> penance(Kind kind, InetAddress address, Instant now) {
        return Optional.ofNullable(pasts.get(key(address)))
                .flatMap(past -> Optional.ofNullable(past.tallies.get(kind)))
                .filter(tally -> tally.count >= max && !tally.isOver(now))
                .map(tally -> Duration.between(now, tally.since.plus(WINDOW)));
    }

    synchronized void count(Kind kind, InetAddress address, Instant now) {
        past(address)
                .tallies
                .merge(
                        kind,
                        new Tally(1, now),
                        (tally, fresh) -> tally.isOver(now) ? fresh : new Tally(tally.count + 1, tally.since));
    }

    /** A token was right from there. */
    synchronized void wasRight(String accessor, InetAddress address) {
        Past past = past(address);
        if (past.wellKnown.add(accessor) && past.wellKnown.size() > WELL_KNOWN_MAX) {
            past.wellKnown.remove(past.wellKnown.iterator().next());
        }
    }

    synchronized boolean isWellKnown(String accessor, InetAddress address) {
        Past past = pasts.get(key(address));
        return past != null && past.wellKnown.contains(accessor);
    }

    synchronized int size() {
        return pasts.size();
    }

    private Past past(InetAddress address) {
        Past past = pasts.computeIfAbsent(key(address), none -> new Past());
        if (pasts.size() > addressesMax) {
            pasts.remove(pasts.keySet().iterator().next());
        }
        return past;
    }

    private static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
    }
}
