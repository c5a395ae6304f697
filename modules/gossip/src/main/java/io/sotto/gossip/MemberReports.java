package io.sotto.gossip;

import io.sotto.membership.upshift.SelfReport;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What members said of their own encryption, each in an answer that its primary key sealed.
 *
 * @param reports by name; this node's own among them if it holds a key
 * @param silent sotto members that are there and gave none
 */
public record MemberReports(SortedMap<String, SelfReport> reports, SortedSet<String> silent) {
    static MemberReports none() {
        return new MemberReports(new TreeMap<>(), new TreeSet<>());
    }

    public MemberReports {
        reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
        silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
    }
}
