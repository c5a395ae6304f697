package io.sotto.membership.rotation;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom this node lists, by name, as of one moment.
 *
 * @param alive those that are there, this node among them: alive, suspected, or about to leave
 * @param failed those that are away without having left
 * @param left those that left; they do not count
 */
public record Attendance(SortedSet<String> alive, SortedSet<String> failed, SortedSet<String> left) {
    public Attendance {
        alive = Collections.unmodifiableSortedSet(new TreeSet<>(alive));
        failed = Collections.unmodifiableSortedSet(new TreeSet<>(failed));
        left = Collections.unmodifiableSortedSet(new TreeSet<>(left));
    }

    public static Attendance of(Collection<String> alive, Collection<String> failed, Collection<String> left) {
        return new Attendance(new TreeSet<>(alive), new TreeSet<>(failed), new TreeSet<>(left));
    }

    /** Both together. */
    public Attendance with(Attendance others) {
        return of(union(alive, others.alive), union(failed, others.failed), union(left, others.left));
    }

    private static SortedSet<String> union(SortedSet<String> some, SortedSet<String> others) {
        SortedSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    boolean lists(String name) {
        return alive.contains(name) || failed.contains(name) || left.contains(name);
    }

    /** Those that count: alive or failed. */
    public SortedSet<String> counted() {
        SortedSet<String> all = new TreeSet<>(alive);
        all.addAll(failed);
        return all;
    }
}
