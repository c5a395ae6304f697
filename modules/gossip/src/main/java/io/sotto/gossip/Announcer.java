package io.sotto.gossip;

import io.sotto.gossip.rate.TokenBucket;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;

/**
 * Tells of members that come, change and go: to the log, in the words that operators search for and not without end; to the
 * counters; and to whoever subscribed. One owner, {@link Members}.
 */
final class Announcer {
    /** Lines about members that come and go: so many at once, and so many a second. */
    private static final int LINES_BURST = 1_024;

    private static final int LINES_PER_SECOND = 50;

    private final Supplier<Logger> log;
    private final PoolTime time;
    private final PoolCounters counters;
    private final Set<ActorRef<MemberEvent>> subscribers = new LinkedHashSet<>();
    private final TokenBucket lines = TokenBucket.create(LINES_PER_SECOND, LINES_BURST);
    private long unwritten;

    /** @param log asked for each time, since it then knows which pool's actor speaks */
    Announcer(Supplier<Logger> log, PoolTime time, PoolCounters counters) {
        this.log = log;
        this.time = time;
        this.counters = counters;
    }

    /** Shows all that {@code view} lists as joined, and then each event. Whether the subscriber is new. */
    boolean subscribe(ActorRef<MemberEvent> subscriber, MembersView view) {
        for (MemberRecord record : view.records()) {
            if (record.isListed()) {
                subscriber.tell(new MemberEvent(MemberEvent.Kind.JOINED, record));
            }
        }
        return subscribers.add(subscriber);
    }

    void unsubscribe(ActorRef<MemberEvent> subscriber) {
        subscribers.remove(subscriber);
    }

    void announce(MemberEvent event) {
        counters.events.increment(event.kind());
        if (lines.admits(time.nanos())) {
            log.get()
                    .info(
                            "serf: {}: {} {}{}",
                            word(event.kind()),
                            Printable.of(event.member().name()),
                            event.member().address(),
                            unwritten == 0 ? "" : " (" + unwritten + " events before it went unwritten)");
            unwritten = 0;
        } else {
            unwritten++;
        }
        subscribers.forEach(subscriber -> subscriber.tell(event));
    }

    private static String word(MemberEvent.Kind kind) {
        return switch (kind) {
            case JOINED -> "EventMemberJoin";
            case UPDATED -> "EventMemberUpdate";
            case LEFT -> "EventMemberLeave";
            case FAILED -> "EventMemberFailed";
            case REAPED -> "EventMemberReap";
        };
    }
}
