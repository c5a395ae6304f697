package io.sotto.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** What is claimed of a run, what was found, and whether it holds: a table for people, and the same as a line of JSON. */
final class Claims {
    /** One claim: {@code found} may be {@code bound} at the most. */
    private record Claim(String what, String unit, double found, double bound) {
        boolean holds() {
            return found <= bound;
        }
    }

    /** A figure that nothing is claimed of. */
    private record Figure(String what, String value) {}

    private final long seed;
    private final List<Claim> claims = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Claims(long seed) {
        this.seed = seed;
    }

    void atMost(double bound, String what, String unit, double found) {
        claims.add(new Claim(what, unit, found, bound));
    }

    void none(String what, long found) {
        atMost(0, what, "", (double) found);
    }

    void figure(String what, Object value) {
        figures.add(new Figure(what, String.valueOf(value)));
    }

    /** A case that a claim failed on. */
    void fault(String text) {
        faults.add(text);
    }

    boolean hold() {
        return claims.stream().allMatch(Claim::holds);
    }

    String table() {
        StringBuilder table = new StringBuilder("\nfuzz: hostile input against a live agent, seed " + seed + "\n\n");
        for (Figure figure : figures) {
            table.append(String.format(Locale.ROOT, "  %-52s %s%n", figure.what, figure.value));
        }
        table.append(String.format(Locale.ROOT, "%n  %-74s %12s %12s%n", "claim", "found", "at most"));
        for (Claim claim : claims) {
            table.append(String.format(
                    Locale.ROOT,
                    "  %-74s %12s %12s %s%n",
                    claim.what + (claim.unit.isEmpty() ? "" : " (" + claim.unit + ")"),
                    number(claim.found),
                    number(claim.bound),
                    claim.holds() ? "holds" : "DOES NOT HOLD"));
        }
        faults.forEach(fault -> table.append("  ").append(fault).append('\n'));
        return table.append(
                        hold()
                                ? "\nfuzz: every claim holds (seed " + seed + ")\n"
                                : "\nfuzz: FAILED (repeat with -seed " + seed + ")\n")
                .toString();
    }

    String json() {
        StringJoiner all = new StringJoiner(",");
        for (Claim claim : claims) {
            all.add("{\"claim\":" + quoted(claim.what) + ",\"unit\":" + quoted(claim.unit) + ",\"found\":"
                    + number(claim.found) + ",\"atMost\":" + number(claim.bound) + ",\"holds\":" + claim.holds() + "}");
        }
        StringJoiner told = new StringJoiner(",");
        figures.forEach(figure -> told.add(quoted(figure.what) + ":" + quoted(figure.value)));
        return "{\"benchmark\":\"fuzz\",\"seed\":" + seed + ",\"holds\":" + hold() + ",\"claims\":[" + all
                + "],\"figures\":{" + told + "}}";
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return "1e99";
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
