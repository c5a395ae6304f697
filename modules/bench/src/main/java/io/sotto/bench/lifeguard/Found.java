package io.sotto.bench.lifeguard;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run of one cell, or several together, found under one setting.
 *
 * @param falsePositives healthy members that were declared dead, once for every member that heard of it
 * @param falsePositivesHealthy those of them that a healthy member heard of
 * @param detectSeconds of each slow member: how long it was blocked when the first healthy member declared it dead
 * @param disseminateSeconds and when the last one did
 * @param undetected slow members that not all healthy ones declared dead while they were blocked
 * @param messages datagrams that all members sent while slow members were slow
 * @param bytes their payload
 * @param memberSeconds for how long, all members together
 */
record Found(
        int falsePositives,
        int falsePositivesHealthy,
        List<Double> detectSeconds,
        List<Double> disseminateSeconds,
        int undetected,
        long messages,
        long bytes,
        double memberSeconds) {
    Found {
        detectSeconds = List.copyOf(detectSeconds);
        disseminateSeconds = List.copyOf(disseminateSeconds);
    }

    static Found nothing() {
        return new Found(0, 0, List.of(), List.of(), 0, 0, 0, 0);
    }

    Found plus(Found other) {
        return new Found(
                falsePositives + other.falsePositives,
                falsePositivesHealthy + other.falsePositivesHealthy,
                both(detectSeconds, other.detectSeconds),
                both(disseminateSeconds, other.disseminateSeconds),
                undetected + other.undetected,
                messages + other.messages,
                bytes + other.bytes,
                memberSeconds + other.memberSeconds);
    }

    /** The value below which this share of {@code values} lies; NaN of none. */
    static double quantile(List<Double> values, double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * (sorted.size() - 1))));
    }

    private static List<Double> both(List<Double> one, List<Double> other) {
        List<Double> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
