package io.sotto.testkit.invariant;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What was done to members and links, and until when: the causes that excuse an accusation. Whoever does it writes it down
 * here, before it happens and after it has ended. One owner.
 *
 * <p>A member is disturbed while it is stopped, held, cut off, slow, or in the middle of a start, a join or a leave; a link
 * is, while it loses, delays or refuses anything in either direction. Either is still disturbed "since" a time if that
 * ended after it.
 */
public final class Disturbances {
    /** What can be wrong with a member. */
    public enum Kind {
        /** Not running. */
        STOPPED,
        /** Held as by SIGSTOP. */
        PAUSED,
        /** What it sends and is sent waits. */
        BLOCKED,
        /** What it sends or is sent takes longer than a probe allows for. */
        SLOW,
        /** Only just started or asked to join: it does not know everybody, nor is it known. */
        JOINING,
        /** It was told to leave. */
        LEAVING,
        /** Another process claims its name. */
        CONTESTED
    }

    private static final Set<Kind> DELAYS = EnumSet.of(Kind.PAUSED, Kind.BLOCKED, Kind.SLOW);
    private static final Duration NEVER = Duration.ofDays(-1_000);

    private final Map<String, Set<Kind>> members = new HashMap<>();
    private final Map<String, Duration> memberEnds = new HashMap<>();
    private final Map<Pair, Integer> links = new HashMap<>();
    private final Map<Pair, Duration> linkEnds = new HashMap<>();
    private final Set<String> lastNames = new HashSet<>();
    private Duration lastEnd = NEVER;
    private Duration lastDelay = NEVER;

    /** It begins; telling twice is as telling once. */
    public void begin(String member, Kind kind, Duration now) {
        kinds(member).add(kind);
        ended(member, kind, now);
    }

    /** It has ended; telling of what never began only says that it just was. */
    public void end(String member, Kind kind, Duration now) {
        kinds(member).remove(kind);
        ended(member, kind, now);
    }

    /** It begins and ends at this moment. */
    public void touch(String member, Kind kind, Duration now) {
        ended(member, kind, now);
    }

    /** Something is wrong with the link from now on, in at least one direction; what begins twice must end twice. */
    public void beginLink(String one, String other, Duration now) {
        links.merge(new Pair(one, other), 1, Integer::sum);
        linkEnds.put(new Pair(one, other), now);
        happened(one, now);
        happened(other, now);
    }

    public void endLink(String one, String other, Duration now) {
        links.computeIfPresent(new Pair(one, other), (pair, count) -> count > 1 ? count - 1 : null);
        linkEnds.put(new Pair(one, other), now);
        happened(one, now);
        happened(other, now);
    }

    /** Whether the member itself was disturbed at any time since. */
    public boolean isMemberDisturbed(String member, Duration since) {
        return !members.getOrDefault(member, Set.of()).isEmpty()
                || memberEnds.getOrDefault(member, NEVER).compareTo(since) >= 0;
    }

    /** Whether one of the two, or what is between them, was disturbed at any time since. */
    public boolean isWayDisturbed(String one, String other, Duration since) {
        Pair pair = new Pair(one, other);
        return isMemberDisturbed(one, since)
                || isMemberDisturbed(other, since)
                || links.containsKey(pair)
                || linkEnds.getOrDefault(pair, NEVER).compareTo(since) >= 0;
    }

    /** Whether this holds for the member now. */
    public boolean is(String member, Kind kind) {
        return members.getOrDefault(member, Set.of()).contains(kind);
    }

    /** Whether anything was under way for longer than usual at any time since, so that old news may be new to somebody. */
    public boolean isNewsDelayed(Duration since) {
        return lastDelay.compareTo(since) >= 0
                || members.values().stream().anyMatch(kinds -> kinds.stream().anyMatch(DELAYS::contains));
    }

    /** Whether anybody stopped at any time since, who may have accused others before. */
    public boolean hasAnybodyStopped(Duration since) {
        for (Map.Entry<String, Set<Kind>> member : members.entrySet()) {
            if (member.getValue().contains(Kind.STOPPED)
                    && memberEnds.getOrDefault(member.getKey(), NEVER).compareTo(since) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** When anything began or ended last; {@code now} while a link or a member that still runs is disturbed. */
    public Duration lastAnywhere(Duration now) {
        boolean going = !links.isEmpty()
                || members.values().stream().anyMatch(kinds -> kinds.stream().anyMatch(kind -> kind != Kind.STOPPED));
        return going ? now : lastEnd;
    }

    /** Whether the last moment at which anything began or ended concerned this member and no other. */
    boolean isLast(String member) {
        return lastNames.equals(Set.of(member));
    }

    private void happened(String name, Duration now) {
        if (!now.equals(lastEnd)) {
            lastNames.clear();
            lastEnd = now;
        }
        lastNames.add(name);
    }

    private Set<Kind> kinds(String member) {
        return members.computeIfAbsent(member, unknown -> EnumSet.noneOf(Kind.class));
    }

    private void ended(String member, Kind kind, Duration now) {
        memberEnds.put(member, now);
        happened(member, now);
        if (DELAYS.contains(kind)) {
            lastDelay = now;
        }
    }

    /** Two members, in no order. */
    private record Pair(String one, String other) {
        Pair {
            if (one.compareTo(other) > 0) {
                String first = other;
                other = one;
                one = first;
            }
        }
    }
}
