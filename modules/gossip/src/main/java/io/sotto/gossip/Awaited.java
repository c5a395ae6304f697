package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.query.QueryFilter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The members that were there when something was asked of all, and of which an answer is awaited. Who fails meanwhile is not
 * waited for, but stays among those that are missed; who leaves is neither. One owner.
 */
final class Awaited {
    /**
     * Of how many silent members each is asked once more. Gossip fails to bring a question to one of five members once in some
     * 200 times, and in a larger pool, which passes on more often, hardly ever misses more than one: eight are more than chance
     * misses at once. Where more are silent the pool is divided or overloaded, and one more question would not mend that. The
     * names of eight also have room in the 1,024 bytes of a query, unless they are uncommonly long.
     */
    static final int AGAIN_MAX = 8;

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
        return asked.stream().noneMatch(name -> isWaitedFor(name, answered));
    }

    /**
     * The filter by which just those are asked once more who are still there and missing from {@code answered}; empty if nobody
     * is, or more than {@value #AGAIN_MAX}, and once this node has left.
     */
    Optional<QueryFilter.Nodes> again(Collection<String> answered) {
        List<String> missed =
                asked.stream().filter(name -> isWaitedFor(name, answered)).toList();
        boolean isToBeAsked = !missed.isEmpty()
                && missed.size() <= AGAIN_MAX
                && !view.get().self().state().isGone();
        return isToBeAsked ? Optional.of(new QueryFilter.Nodes(missed)) : Optional.empty();
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

    private boolean isWaitedFor(String name, Collection<String> answered) {
        return !answered.contains(name) && isStillPresent(name);
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
