package io.sotto.membership.rotation;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of whom a rotation waits for beyond the driver's own pool, which cannot be those of that pool's members: {@code
 * b1.dc2 (WAN)} is a member of the WAN pool, {@code dc2 (LAN)} the whole pool of another datacenter. Pure. Source: ours; the
 * words are those in which Consul tells of its pools.
 */
public final class RingPlace {
    /** How the driver's own pool is called among the others. */
    private static final String OWN = "LAN";

    private static final String WAN = "WAN";
    private static final String OF_WAN = " (WAN)";
    private static final String OF_LAN = " (LAN)";

    private RingPlace() {}

    /** A member of the WAN pool. */
    public static String inWan(String member) {
        return member + OF_WAN;
    }

    /** The pool of a datacenter, which answers as a whole. */
    public static String lanOf(String datacenter) {
        return datacenter + OF_LAN;
    }

    /** Whether it is a whole pool. */
    private static boolean isPool(String name) {
        return name.endsWith(OF_LAN);
    }

    /** How far each pool is: {@code 2/3} of its members, or of a whole pool a word; nothing where there is only the driver's. */
    static SortedMap<String, String> tally(Set<String> all, Set<String> waitedFor) {
        SortedMap<String, Integer> members = new TreeMap<>();
        Map<String, Integer> there = new TreeMap<>();
        for (String name : all) {
            members.merge(poolOf(name), 1, Integer::sum);
            there.merge(poolOf(name), waitedFor.contains(name) ? 0 : 1, Integer::sum);
        }
        SortedMap<String, String> tally = new TreeMap<>();
        if (!members.keySet().equals(Set.of(OWN))) {
            members.forEach((pool, count) -> {
                int done = there.getOrDefault(pool, 0);
                tally.put(pool, isPool(pool) ? done == count ? "done" : "waiting" : done + "/" + count);
            });
        }
        return tally;
    }

    private static String poolOf(String name) {
        return isPool(name) ? name : name.endsWith(OF_WAN) ? WAN : OWN;
    }
}
