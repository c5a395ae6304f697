package io.sotto.gossip;

import com.typesafe.config.Config;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Until when a node that holds a key may take plaintext in, which it does while incoming verification is off. Past that it
 * goes on, loudly: neither silently strict nor silently open.
 *
 * @param after so long after the beginning of such a phase; empty if the end is given otherwise, or not at all
 * @param at at this instant
 */
public record PlaintextUntil(Optional<Duration> after, Optional<Instant> at) {
    public PlaintextUntil {
        if (after.isPresent() && at.isPresent()) {
            throw new IllegalArgumentException("two ends: " + after.get() + " and " + at.get());
        }
        if (after.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("an end " + after.get() + " after the beginning");
        }
    }

    /** Without end. */
    public static PlaintextUntil forever() {
        return new PlaintextUntil(Optional.empty(), Optional.empty());
    }

    /**
     * Reads a duration such as {@code 2h}, an instant such as {@code 2026-12-01T06:00:00Z}, or nothing.
     *
     * @throws com.typesafe.config.ConfigException if the text is neither
     */
    public static PlaintextUntil from(Config section, String path) {
        String text = section.getString(path);
        if (text.isEmpty()) {
            return forever();
        }
        try {
            return new PlaintextUntil(Optional.empty(), Optional.of(Instant.parse(text)));
        } catch (DateTimeException notAnInstant) {
            return new PlaintextUntil(Optional.of(section.getDuration(path)), Optional.empty());
        }
    }

    /** The end of a phase that began at {@code since}. */
    Optional<Instant> deadline(Instant since) {
        return after.map(since::plus).or(() -> at);
    }
}
