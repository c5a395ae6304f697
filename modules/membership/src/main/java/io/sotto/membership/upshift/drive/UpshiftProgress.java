package io.sotto.membership.upshift.drive;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where an upshift stands, for people.
 *
 * @param record what is kept of it; empty where there was none
 * @param isUnderWay whether somebody drives it now
 * @param isWaitingForNext whether it goes stepwise and waits to be told
 * @param done how many members are at the stage that is being taken
 * @param members by name, how each stands; those that it goes on without are not counted in {@code done}
 * @param waitingFor the members that it waits for, by name, and why
 * @param text more about it, or empty
 */
public record UpshiftProgress(
        Optional<UpshiftRecord> record,
        boolean isUnderWay,
        boolean isWaitingForNext,
        int done,
        SortedMap<String, Stand> members,
        SortedMap<String, String> waitingFor,
        String text) {
    public UpshiftProgress {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        waitingFor = Collections.unmodifiableSortedMap(new TreeMap<>(waitingFor));
    }

    /** None was ever begun, as far as is known here. */
    public static UpshiftProgress none(String text) {
        return new UpshiftProgress(Optional.empty(), false, false, 0, new TreeMap<>(), new TreeMap<>(), text);
    }
}
