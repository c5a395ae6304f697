package io.sotto.membership.upshift.drive;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whom a gate waits for and why, how often it was in vain, and whether the operator wants it forced. Owned by one machine. */
final class Waiting {
    /** Why the last order was not taken, by name. */
    private final SortedMap<String, String> refusals = new TreeMap<>();

    private SortedMap<String, String> names = new TreeMap<>();
    private Optional<String> forcedBy = Optional.empty();
    private int rounds;

    SortedMap<String, String> names() {
        return names;
    }

    void forNobody() {
        names = new TreeMap<>();
    }

    /** Before an order that is to help. */
    void whileOrdering(SortedMap<String, String> lacking) {
        names = lacking;
    }

    /** The last order was answered like this. */
    void answered(Map<String, OrderAnswer> answers) {
        refusals.clear();
        answers.forEach((name, answer) -> {
            if (answer.kind() != OrderAnswer.Kind.TAKEN) {
                refusals.put(name, answer.why());
            }
        });
    }

    /** Those waited for until now, and those that refused. */
    SortedMap<String, String> withRefusing() {
        SortedMap<String, String> lacking = new TreeMap<>(names);
        refusals.keySet().forEach(name -> lacking.putIfAbsent(name, "does not take the order"));
        return lacking;
    }

    /** What it waits for from now on is something else. */
    void anew() {
        rounds = 0;
    }

    /** The gate was passed. */
    void passed() {
        rounds = 0;
        refusals.clear();
        forcedBy = Optional.empty();
    }

    /** The operator wants it passed all the same, once it was in vain often enough from now on. */
    void force(String by) {
        forcedBy = Optional.of(by);
        rounds = 0;
    }

    /**
     * Another round was in vain.
     *
     * @return who had it forced, if it is time for that
     */
    Optional<String> inVain(SortedMap<String, String> lacking, int patience) {
        rounds++;
        if (forcedBy.isPresent() && rounds > patience) {
            Optional<String> by = forcedBy;
            forcedBy = Optional.empty();
            rounds = 0;
            return by;
        }
        names = new TreeMap<>(lacking);
        names.replaceAll((name, why) -> refusals.containsKey(name) ? why + " (" + refusals.get(name) + ")" : why);
        return Optional.empty();
    }

    /** Rounds in vain so far. */
    int rounds() {
        return rounds;
    }
}
