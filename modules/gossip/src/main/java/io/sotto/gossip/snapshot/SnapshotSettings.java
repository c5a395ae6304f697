package io.sotto.gossip.snapshot;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a pool's snapshot is kept.
 *
 * @param file empty keeps none: a node that restarts knows nobody
 * @param rejoinAfterLeave whether a node that left on purpose still looks for its pool at its next start
 */
public record SnapshotSettings(Optional<Path> file, boolean rejoinAfterLeave) {
    /** No file. */
    public static SnapshotSettings none() {
        return new SnapshotSettings(Optional.empty(), false);
    }

    /** This file, and no rejoin after a leave. */
    public static SnapshotSettings in(Path file) {
        return new SnapshotSettings(Optional.of(file), false);
    }
}
