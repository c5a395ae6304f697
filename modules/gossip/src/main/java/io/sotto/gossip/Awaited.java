package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The members that were there when something was asked of all, and of which an answer is awaited. Who fails meanwhile is not
 * waited for, but stays among those that are missed; who leaves is neither. One owner.
 */
final class Awaited {
    private final Supplier<MembersView> view;
    private final SortedSet<String> asked = new TreeSet<>();

    private Awaited(Supplier<MembersView> view) {
        this.view = view;
    }

    /** Those that are present now and that {@code wanted} takes, this node included. */
    static Awaited of(Supplier<MembersView> view, Predicate<MemberRecord> wanted) {
        Awaited awaited = new Awaited(view);
        for (MemberRecord record : view.get().inAnyOrder()) {
            if (isPresent(record) && wanted.test(record)) {
                awaited.asked.add(record.name());
            }
        }
        return awaited;
    }

    boolean isEmpty() {
        return asked.isEmpty();
    }

    /** Whether nobody who is still there is missing from {@code answered}. */
    boolean isCompleteWith(Collection<String> answered) {
        return asked.stream().noneMatch(name -> !answered.contains(name) && isStillPresent(name));
    }

    /** Who is missing from {@code answered} and has not left. */
    SortedSet<String> missingFrom(Collection<String> answered) {
        SortedSet<String> missing = new TreeSet<>(asked);
        missing.removeIf(name -> answered.contains(name) || hasLeft(name));
        return missing;
    }

    /** Whether the answer of {@code name} counts: of one that was asked, or has come since. */
    boolean mayAnswer(String name) {
        return asked.contains(name) || view.get().find(name).isPresent();
    }

    private boolean isStillPresent(String name) {
        return view.get().find(name).filter(Awaited::isPresent).isPresent();
    }

    private boolean hasLeft(String name) {
        return view.get()
                .find(name)
                .filter(record -> record.status() != SerfStatus.LEFT)
                .isEmpty();
    }

    private static boolean isPresent(MemberRecord record) {
        return record.pooled() && !record.state().isGone();
    }
}
