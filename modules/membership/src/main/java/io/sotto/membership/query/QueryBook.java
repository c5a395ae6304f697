package io.sotto.membership.query;

import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.event.LamportWindow;
import io.sotto.membership.event.Sighting;
import io.sotto.wire.message.SerfMessage;
import java.util.Map;

/**
 * The queries that reach a member: which are new, which are to be gossiped on, and which are meant for it. Nothing that a
 * peer said makes it throw. One owner.
 *
 * <p>Source: gossip specification, sections 17.1 and 17.6.
 */
public final class QueryBook {
    /** Queries remembered at a time, over all Lamport times. */
    private static final int REMEMBERED_MAX = 65_536;

    private final LamportWindow<Long> window;

    public QueryBook(EventSettings settings, Claims claims) {
        this.window = new LamportWindow<>(settings.querySlots(), REMEMBERED_MAX, claims);
    }

    /**
     * What is to be done with a query.
     *
     * @param passOn whether it is to be gossiped on, also by those that it is not meant for
     */
    public record Heard(Sighting sighting, boolean passOn) {}

    /** A query came, by gossip or from ourselves. */
    public Heard hear(SerfMessage.Query query) {
        Sighting sighting = window.see(query.ltime(), query.id(), 1);
        return new Heard(sighting, sighting == Sighting.NEW && (query.flags() & QueryFlags.NO_BROADCAST) == 0);
    }

    /** Whether the member of this name and these tags is to handle it. */
    public static boolean isMeantFor(SerfMessage.Query query, String node, Map<String, String> tags) {
        return QueryFilter.allMatch(query.filters(), node, tags);
    }

    /** The time of the next query of ours. */
    public long time() {
        return window.time();
    }

    /** Another member has got as far as to use {@code queryLTime} next. */
    public void witnessNext(long queryLTime) {
        window.witnessNext(queryLTime);
    }

    /** Goes on after an earlier life of this node: nothing up to its last query is handled again. */
    public void resume(LamportFloors floors) {
        window.resume(floors.query(), floors.queryMinTime());
    }
}
