package io.sotto.gossip.keys;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came of a key operation in the whole pool.
 *
 * @param members how many members were to answer, this node among them; one that left meanwhile is not counted
 * @param answers what each said, by name
 * @param silent who was to answer and did not
 * @param refused why nothing was asked of anybody, if so; for people, in one line
 */
public record KeyReport(
        KeyOperation operation,
        int members,
        SortedMap<String, MemberKeys> answers,
        SortedSet<String> silent,
        Optional<String> refused) {
    public KeyReport {
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
    }

    /** Nothing was asked. */
    public static KeyReport refused(KeyOperation operation, String reason) {
        return new KeyReport(operation, 0, new TreeMap<>(), new TreeSet<>(), Optional.of(reason));
    }

    /** Whether all members answered that it is as was wanted. */
    public boolean isDoneEverywhere() {
        return refused.isEmpty()
                && silent.isEmpty()
                && answers.values().stream().allMatch(MemberKeys::done);
    }
}
