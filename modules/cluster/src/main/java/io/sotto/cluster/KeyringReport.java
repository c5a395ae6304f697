package io.sotto.cluster;

import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.wire.crypto.GossipKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came of an operation on the keys of a whole pool. Immutable.
 *
 * @param members how many members were to answer, this node among them
 * @param answers what each said, by name
 * @param silent who was to answer and did not; who left meanwhile is not among them
 * @param refused why nothing was asked of anybody, if so; for people, in one line
 */
public record KeyringReport(
        int members, SortedMap<String, MemberKeyring> answers, SortedSet<String> silent, Optional<String> refused) {
    public KeyringReport {
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
    }

    static KeyringReport of(KeyReport report) {
        SortedMap<String, MemberKeyring> answers = new TreeMap<>();
        report.answers().forEach((name, said) -> answers.put(name, told(said)));
        return new KeyringReport(report.members(), answers, report.silent(), report.refused());
    }

    /** Whether every member answered that it is as was wanted. */
    public boolean isDoneEverywhere() {
        return refused.isEmpty()
                && silent.isEmpty()
                && answers.values().stream().allMatch(MemberKeyring::done);
    }

    /** On how many rings each key is. */
    public Map<GossipKey, Integer> keyCounts() {
        Map<GossipKey, Integer> counts = new HashMap<>();
        answers.values().forEach(answer -> answer.keys().forEach(key -> counts.merge(key, 1, Integer::sum)));
        return counts;
    }

    /** Of how many members each key is the primary. */
    public Map<GossipKey, Integer> primaryCounts() {
        Map<GossipKey, Integer> counts = new HashMap<>();
        answers.values().forEach(answer -> answer.primary().ifPresent(key -> counts.merge(key, 1, Integer::sum)));
        return counts;
    }

    private static MemberKeyring told(MemberKeys said) {
        return new MemberKeyring(said.done(), said.message(), said.keys(), said.primary());
    }
}
