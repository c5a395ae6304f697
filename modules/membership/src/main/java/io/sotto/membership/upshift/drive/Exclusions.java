package io.sotto.membership.upshift.drive;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Without whom an upshift goes on. Stateless. */
final class Exclusions {
    private Exclusions() {}

    /** Without these too. */
    static UpshiftRecord with(UpshiftRecord record, Collection<String> names, String how) {
        SortedMap<String, String> without = new TreeMap<>(record.without());
        names.forEach(name -> without.putIfAbsent(name, how));
        return record.without(without, record.forced());
    }

    /** Without these too, also if they are there and it is known where they stand. */
    static UpshiftRecord forced(UpshiftRecord record, Survey survey, Collection<String> names, String how) {
        NavigableSet<String> forced = new TreeSet<>(record.forced());
        names.stream()
                .filter(name ->
                        survey.isKnown(name) && survey.attendance().alive().contains(name))
                .forEach(forced::add);
        UpshiftRecord excluding = with(record, names, how);
        return excluding.without(excluding.without(), forced);
    }

    /**
     * Whoever was excluded while it was away counts again when it reports; whoever was there, once it has caught up.
     *
     * @param hasBegun whether it is known what there is to catch up with
     */
    static UpshiftRecord countedBack(UpshiftRecord record, Survey survey, boolean hasBegun) {
        SortedMap<String, String> without = new TreeMap<>(record.without());
        SortedSet<String> forced = new TreeSet<>(record.forced());
        forced.retainAll(survey.attendance().alive());
        without.keySet().removeIf(name -> {
            boolean isBack =
                    survey.reports(name) && survey.attendance().alive().contains(name) && !forced.contains(name);
            boolean hasCaughtUp = hasBegun
                    && survey.isThere(name, record)
                    && !record.vouched().containsKey(name);
            return isBack || hasCaughtUp;
        });
        return record.without(without, forced);
    }
}
