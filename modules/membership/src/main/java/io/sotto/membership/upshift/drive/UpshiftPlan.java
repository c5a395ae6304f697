package io.sotto.membership.upshift.drive;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an upshift would do, and what stands in its way; making it changes nothing.
 *
 * @param kind what it would secure
 * @param members by name, how each stands now
 * @param steps the stages that are left, in their order
 * @param obstacles what keeps the first of them from beginning, by member, in words that follow its name; under the empty
 *     name what concerns the whole pool
 */
public record UpshiftPlan(
        UpshiftKind kind, SortedMap<String, Stand> members, List<Step> steps, SortedMap<String, String> obstacles) {
    public UpshiftPlan {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        steps = List.copyOf(steps);
        obstacles = Collections.unmodifiableSortedMap(new TreeMap<>(obstacles));
    }

    /**
     * One stage.
     *
     * @param changes what changes on whom, by name; whoever is there already is not among them
     * @param byHand what an operator has to do on members that are agents of another kind, by name
     */
    public record Step(UpshiftStage stage, SortedMap<String, String> changes, SortedMap<String, String> byHand) {
        public Step {
            changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
            byHand = Collections.unmodifiableSortedMap(new TreeMap<>(byHand));
        }
    }
}
