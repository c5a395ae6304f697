package io.sotto.bench.lifeguard;

import java.util.List;

/**
 * What real memberlist did under the experiment: recorded once, one run a cell, on other hardware, in real time. Its members
 * block before each send and after each receive, where those of the simulation go on while their messages wait; so the two
 * are to be held beside each other, not subtracted. Source: performance notes, "The Lifeguard experiment".
 *
 * @param setting as the notes call it
 * @param blockedSeconds D, at N = 64, C = 8, I = 64 ms
 * @param falsePositives reported anywhere, and by healthy members
 * @param detectSeconds median until the first healthy member knew
 * @param disseminateSeconds median until all did
 */
record Recorded(
        String setting,
        double blockedSeconds,
        int falsePositives,
        int falsePositivesHealthy,
        double detectSeconds,
        double disseminateSeconds) {
    static final List<Recorded> ALL = List.of(
            new Recorded("swim", 8.2, 22, 0, 11.4, 12.5),
            new Recorded("lifeguard, alpha 5", 8.2, 0, 0, 10.9, 11.8),
            new Recorded("lifeguard", 8.2, 0, 0, 9.9, 10.3),
            new Recorded("lifeguard-alpha2", 8.2, 76, 0, 8.6, 8.9),
            new Recorded("swim", 16.4, 63, 52, 11.0, 11.5),
            new Recorded("lifeguard, alpha 5", 16.4, 0, 0, 10.2, 10.6),
            new Recorded("lifeguard", 16.4, 2, 0, 8.8, 9.2),
            new Recorded("lifeguard-alpha2", 16.4, 36, 0, 5.1, 5.5));

    /** Cells in which real figures exist. */
    static boolean isRecorded(Cell cell) {
        return cell.members() == 64
                && cell.slow() == 8
                && cell.open().toMillis() == 64
                && ALL.stream()
                        .anyMatch(row -> Math.round(row.blockedSeconds * 1_000)
                                == cell.blocked().toMillis());
    }
}
