package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts every rejection of a pool and lets a sample of them into the log.
 *
 * <p>All are counted, by what was refused and by reason; the counts of {@link Subject#DATAGRAM} are those of datagrams that
 * gave nothing, each under one reason. A line is written at most once a second per reason, and at most once a minute per reason
 * and peer address; it says how many of its reason went unwritten before it. The memory for peers is bounded by the
 * first rule: no more lines than one per reason and second can have been written within the minute that is remembered.
 *
 * <p>Safe to call from any thread; counting takes no lock. Source: security rules, "Rules for the packet path".
 */
public final class RejectionLog {
    /** What was refused. */
    public enum Subject {
        /** A whole datagram: nothing of it went on. */
        DATAGRAM("datagram"),
        /** A part of a datagram of which something else went on, or a further part of one of which nothing did. */
        PART("part of a datagram"),
        /** A message that came through all stages and was refused by whom it was for. */
        MESSAGE("message"),
        /** A connection, or what came over it. */
        STREAM("stream");

        private final String word;

        Subject(String word) {
            this.word = word;
        }
    }

    private static final Duration PER_REASON = Duration.ofSeconds(1);
    private static final Duration PER_PEER = Duration.ofMinutes(1);
    private static final Reason[] REASONS = Reason.values();
    private static final int PEERS_MAX = (int) (REASONS.length * (PER_PEER.toSeconds() + 1));

    private final InstantSource clock;
    private final Consumer<String> log;
    private final Evidence evidence;
    private final Map<Reason, Tally> tallies = new EnumMap<>(Reason.class);
    private final Map<PeerReason, Instant> peers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerReason, Instant> eldest) {
            return size() > PEERS_MAX;
        }
    };

    private record PeerReason(InetAddress peer, Reason reason) {}

    private RejectionLog(InstantSource clock, Consumer<String> log) {
        this.clock = clock;
        this.evidence = new Evidence(clock::millis);
        this.log = log;
        for (Reason reason : REASONS) {
            tallies.put(reason, new Tally());
        }
    }

    /**
     * A log without any counts.
     *
     * @param clock the pool's clock
     * @param log takes one line for people at a time, at the level of a warning
     */
    public static RejectionLog create(InstantSource clock, Consumer<String> log) {
        return new RejectionLog(clock, log);
    }

    /** Counts a datagram of which nothing went on, under the first reason why. */
    public void datagram(Rejection rejection, WirePolicy policy) {
        count(Subject.DATAGRAM, rejection, policy);
    }

    /** Counts a refused part of a datagram. */
    public void part(Rejection rejection, WirePolicy policy) {
        count(Subject.PART, rejection, policy);
    }

    /** Counts a message that was refused after it had passed the stages; its datagram counts as accepted. */
    public void message(Rejection rejection, WirePolicy policy) {
        count(Subject.MESSAGE, rejection, policy);
    }

    /** Counts a claim that was refused, whose source is whom it is about: it says nothing about who sent it. */
    public void claim(Rejection rejection, WirePolicy policy) {
        counted(Subject.MESSAGE, rejection, policy, clock.instant());
    }

    /** Counts a refused connection. */
    public void stream(Rejection rejection, WirePolicy policy) {
        count(Subject.STREAM, rejection, policy);
    }

    /** All that was refused for this reason. */
    public long count(Reason reason) {
        return tally(reason).sum();
    }

    /** What of one kind was refused for this reason. */
    public long count(Subject subject, Reason reason) {
        return tally(reason).count(subject).sum();
    }

    /** All counts, zeros included. */
    public Map<Reason, Long> counts() {
        Map<Reason, Long> all = new EnumMap<>(Reason.class);
        tallies.forEach((reason, tally) -> all.put(reason, tally.sum()));
        return all;
    }

    public long total() {
        return tallies.values().stream().mapToLong(Tally::sum).sum();
    }

    /** What came from whom, what was refused included. */
    public Evidence evidence() {
        return evidence;
    }

    private void count(Subject subject, Rejection rejection, WirePolicy policy) {
        Instant now = clock.instant();
        evidence.refused(from(subject, rejection), rejection.reason(), now.toEpochMilli());
        counted(subject, rejection, policy, now);
    }

    private void counted(Subject subject, Rejection rejection, WirePolicy policy, Instant now) {
        Tally tally = tally(rejection.reason());
        tally.count(subject).increment();
        if (now.toEpochMilli() >= tally.nextLineMillis) {
            sample(subject, rejection, policy, tally, now);
        }
    }

    private static InetSocketAddress from(Subject subject, Rejection rejection) {
        InetSocketAddress source = rejection.source();
        return subject == Subject.STREAM ? new InetSocketAddress(source.getAddress(), 0) : source;
    }

    private synchronized void sample(
            Subject subject, Rejection rejection, WirePolicy policy, Tally tally, Instant now) {
        // Looked at again: another thread may have written its line while this one waited.
        if (now.toEpochMilli() < tally.nextLineMillis) {
            return;
        }
        PeerReason key = new PeerReason(rejection.source().getAddress(), rejection.reason());
        Instant last = peers.get(key);
        if (last != null && now.isBefore(last.plus(PER_PEER))) {
            return;
        }
        // Removed first, so that the map stays in the order of the last line and its eldest is the oldest.
        peers.remove(key);
        peers.put(key, now);
        tally.nextLineMillis = now.plus(PER_REASON).toEpochMilli();
        long total = tally.sum();
        long unwritten = Math.max(0, total - tally.written - 1);
        tally.written = total;
        log.accept(RejectionText.line(subject.word, rejection, policy, unwritten));
    }

    private Tally tally(Reason reason) {
        return Objects.requireNonNull(tallies.get(reason), "every reason has a tally");
    }

    /** One reason: how many, how many of them a line has spoken for, and when the next line may come. */
    private static final class Tally {
        private final Map<Subject, LongAdder> counts = new EnumMap<>(Subject.class);
        private volatile long nextLineMillis = Long.MIN_VALUE;
        private long written;

        Tally() {
            for (Subject subject : Subject.values()) {
                counts.put(subject, new LongAdder());
            }
        }

        LongAdder count(Subject subject) {
            return Objects.requireNonNull(counts.get(subject), "every subject has a count");
        }

        long sum() {
            long sum = 0;
            for (LongAdder count : counts.values()) {
                sum += count.sum();
            }
            return sum;
        }
    }
}
