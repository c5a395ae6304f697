package io.sotto.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A time in which this node takes plaintext in though it holds a key.
 *
 * @param since when it began
 * @param deadline when it was to be over; empty without end
 * @param overdue how long it has gone on past that, zero while it has not
 */
public record PlaintextPhase(Instant since, Optional<Instant> deadline, Duration overdue) {}
