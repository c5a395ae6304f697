package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Upshifts;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Tells those who watch what changes at this agent and in its pool: each first how everything is, then every change. Members are
 * told of as they change, all else within {@link #LOOK}. Who takes what it is told too slowly is let go at the end of its buffer,
 * to come again and begin anew: nobody misses a change without knowing it.
 *
 * <p>What is told is made once for all. Without watchers nothing is made. Safe from any thread. Source: ours.
 */
public final class PoolWatch {
    /** How often is looked for what does not tell of itself. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private final PoolPicture picture;
    private final Pool pool;
    private final UpshiftLook upshifts;
    private final int watchersMax;
    private final int buffer;
    private final Object telling = new Object();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final LongAdder lost = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private Map<String, WatchEvent> known = Map.of();
    private List<String> keys = List.of();
    private Optional<List<WatchEvent>> whole = Optional.empty();

    private record Watcher(Rights rights, BoundedSourceQueue<ByteString> queue) {
        boolean maySee(WatchEvent event) {
            return event.access() == Access.OPEN || rights.may(event.access(), event.subject());
        }
    }

    private PoolWatch(PoolPicture picture, Pool pool, UpshiftLook upshifts, int watchersMax, int buffer) {
        this.picture = picture;
        this.pool = pool;
        this.upshifts = upshifts;
        this.watchersMax = watchersMax;
        this.buffer = buffer;
    }

    /**
     * A watch of one pool; {@link #run} makes it see.
     *
     * @param tls the figures of certificates, among others
     * @param watchersMax how many may watch at a time
     * @param buffer how many changes wait for one of them
     */
    public static PoolWatch of(
            AgentFacts facts,
            Pool pool,
            Upshifts upshifts,
            Supplier<List<Metric>> tls,
            InstantSource clock,
            int watchersMax,
            int buffer) {
        return new PoolWatch(
                new PoolPicture(facts, pool, tls, clock), pool, new UpshiftLook(upshifts, clock), watchersMax, buffer);
    }

    /** Sees what happens from now on, until the system ends. */
    public void run(ActorSystem<?> system) {
        pool.memberEvents().runForeach(this::happened, system);
        Source.tick(LOOK, LOOK, NotUsed.getInstance()).runForeach(tick -> look(), system);
    }

    /** The figures of those who watch. */
    public List<Metric> metrics() {
        return List.of(
                WatchMetric.OPEN.of(watchers.size()),
                WatchMetric.REFUSED.of(refused.sum()),
                WatchMetric.LOST.of(lost.sum()));
    }

    /** Whether one more may watch; who may not is counted. */
    boolean admits() {
        boolean hasRoom = watchers.size() < watchersMax;
        refused.add(hasRoom ? 0 : 1);
        return hasRoom;
    }

    /** All that is and then all that changes, as far as the watcher may see it; ends by itself only where it is too slow. */
    Source<ByteString, NotUsed> watch(Rights rights) {
        return Source.<ByteString>queue(buffer).watchTermination((queue, ended) -> {
            Watcher watcher = new Watcher(rights, queue);
            ended.whenComplete((done, failure) -> watchers.remove(watcher));
            begin(watcher);
            return NotUsed.getInstance();
        });
    }

    private void begin(Watcher watcher) {
        synchronized (telling) {
            if (!admits()) {
                watcher.queue.complete();
                return;
            }
            if (watchers.isEmpty()) {
                upshifts.begin();
                known = states();
                whole = Optional.empty();
            }
            ByteString all = ByteString.emptyByteString();
            for (WatchEvent event : whole()) {
                all = watcher.maySee(event) ? all.concat(event.text()) : all;
            }
            watcher.queue.offer(all);
            watchers.add(watcher);
        }
        askForKeys();
        upshifts.look();
    }

    private Map<String, WatchEvent> states() {
        Map<String, WatchEvent> states = picture.states(keys);
        states.putAll(upshifts.states());
        return states;
    }

    private List<WatchEvent> whole() {
        if (whole.isEmpty()) {
            List<WatchEvent> events = new ArrayList<>();
            events.add(picture.start());
            events.addAll(picture.members());
            events.addAll(known.values());
            whole = Optional.of(List.copyOf(events));
        }
        return whole.get();
    }

    /** A member changed. */
    void happened(MemberEvent event) {
        synchronized (telling) {
            whole = Optional.empty();
            if (!watchers.isEmpty()) {
                tell(PoolPicture.member(event));
            }
        }
    }

    /** Tells what differs from the last look. */
    void look() {
        if (watchers.isEmpty()) {
            return;
        }
        askForKeys();
        upshifts.look();
        synchronized (telling) {
            Map<String, WatchEvent> now = states();
            Map<String, WatchEvent> before = known;
            known = now;
            now.forEach((about, event) -> {
                if (!event.equals(before.get(about))) {
                    whole = Optional.empty();
                    tell(event);
                }
            });
        }
    }

    /** The answer is told with the next look. */
    private void askForKeys() {
        pool.keyring().list().thenAccept(outcome -> {
            if (outcome instanceof KeyringOutcome.Done done) {
                synchronized (telling) {
                    keys = done.keyIds();
                }
            }
        });
    }

    private void tell(WatchEvent event) {
        List<Watcher> full = watchers.stream()
                .filter(watcher ->
                        watcher.maySee(event) && watcher.queue.offer(event.text()) == QueueOfferResult.dropped())
                .toList();
        lost.add(full.size());
        watchers.removeAll(full);
        // What waits is still sent; then the connection ends.
        full.forEach(watcher -> watcher.queue.complete());
    }
}
