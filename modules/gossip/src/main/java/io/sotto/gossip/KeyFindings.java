package io.sotto.gossip;

import io.sotto.membership.upshift.trial.KeyFinding;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What trials have shown of the members that were asked about, by name; whoever is no member of the pool, or could not be tried
 * for want of room, is left out.
 */
public record KeyFindings(SortedMap<String, KeyFinding> byMember) {
    public KeyFindings {
        byMember = Collections.unmodifiableSortedMap(new TreeMap<>(byMember));
    }

    /** Nobody was tried. */
    public static KeyFindings none() {
        return new KeyFindings(new TreeMap<>());
    }
}
