package io.sotto.testkit.invariant;

import io.sotto.membership.Claims;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A history written by hand, as one invariant sees it: members {@code a} to {@code z}, each with what it says it knows. */
final class History {
    static final Bounds BOUNDS = bounds(Claims.GUARDED);

    private final Watch watch;
    private final Map<String, Map<String, MemberRecord>> known = new TreeMap<>();
    private final Map<String, Integer> lives = new TreeMap<>();
    private final Map<String, Picture> pictures = new TreeMap<>();
    private final Map<String, Integer> claims = new TreeMap<>();
    private final Map<String, Integer> intents = new TreeMap<>();
    private final Map<String, Integer> health = new TreeMap<>();
    private final Map<String, Long> clocks = new TreeMap<>();
    private Duration now = Duration.ZERO;
    private int started;

    private History(Invariant invariant) {
        this.watch = Watch.of(List.of(invariant));
    }

    /** All of these run and know each other, alive with incarnation 1. */
    static History of(Invariant invariant, String... names) {
        History history = new History(invariant);
        for (String observer : names) {
            history.start(observer);
            for (String name : names) {
                if (!name.equals(observer)) {
                    history.put(observer, record(name, NodeState.ALIVE, 1));
                }
            }
        }
        return history.look();
    }

    /** Those of a pool that judges claims by this rule. */
    static Bounds bounds(Claims claims) {
        return new Bounds(SwimSettings.lan(), SerfSettings.serf(), Duration.ofMillis(1), claims);
    }

    static MemberRecord record(String name, NodeState state, long incarnation) {
        return record(name, state, incarnation, status(state), 1);
    }

    static MemberRecord record(String name, NodeState state, long incarnation, SerfStatus status, long ltime) {
        return new MemberRecord(
                name,
                address(name.charAt(0)),
                Octets.empty(),
                Octets.empty(),
                incarnation,
                state,
                Instant.EPOCH,
                status,
                ltime,
                true);
    }

    /** The same record at the address of another. */
    static MemberRecord at(MemberRecord record, String place) {
        return new MemberRecord(
                record.name(),
                address(place.charAt(0)),
                record.meta(),
                record.vsn(),
                record.incarnation(),
                record.state(),
                record.changedAt(),
                record.status(),
                record.statusLTime(),
                record.pooled());
    }

    static MemberRecord forgottenByThePool(MemberRecord record) {
        return new MemberRecord(
                record.name(),
                record.address(),
                record.meta(),
                record.vsn(),
                record.incarnation(),
                record.state(),
                record.changedAt(),
                record.status(),
                record.statusLTime(),
                false);
    }

    static NodeAddress address(char place) {
        try {
            return NodeAddress.of(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) place}), 7_946));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are always an address", e);
        }
    }

    History after(Duration time) {
        now = now.plus(time);
        return this;
    }

    History start(String name) {
        lives.put(name, ++started);
        known.put(name, new LinkedHashMap<>());
        return put(name, record(name, NodeState.ALIVE, 1));
    }

    History stop(String name) {
        lives.remove(name);
        known.remove(name);
        pictures.remove(name);
        return this;
    }

    /** From now on the observer knows this of one member, itself or another. */
    History put(String observer, MemberRecord record) {
        knownTo(observer).put(record.name(), record);
        pictures.remove(observer);
        return this;
    }

    History forget(String observer, String name) {
        knownTo(observer).remove(name);
        pictures.remove(observer);
        return this;
    }

    History queued(String name, int newClaims, int newIntents) {
        claims.put(name, newClaims);
        intents.put(name, newIntents);
        return this;
    }

    History health(String name, int score) {
        health.put(name, score);
        pictures.remove(name);
        return this;
    }

    History clock(String name, long time) {
        clocks.put(name, time);
        pictures.remove(name);
        return this;
    }

    /** The moment is over: the invariant looks. */
    History look() {
        watch.look(moment());
        return this;
    }

    History count(String name, Tally tally) {
        Moment moment = moment();
        for (Sight sight : moment.sights()) {
            if (sight.name().equals(name)) {
                watch.count(moment, sight, tally);
            }
        }
        return this;
    }

    Moment moment() {
        List<Sight> sights = new ArrayList<>();
        lives.forEach((name, number) -> {
            Picture picture = pictures.computeIfAbsent(
                    name,
                    observer -> Picture.of(
                            List.copyOf(knownTo(observer).values()),
                            health.getOrDefault(observer, 0),
                            clocks.getOrDefault(observer, 10L)));
            sights.add(new Sight(
                    new Life(name, number, address(name.charAt(0))),
                    picture,
                    claims.getOrDefault(name, 0),
                    intents.getOrDefault(name, 0),
                    true));
        });
        return new Moment(now, sights);
    }

    Duration now() {
        return now;
    }

    List<String> violations() {
        return watch.violations().stream().map(Violation::toString).toList();
    }

    private Map<String, MemberRecord> knownTo(String observer) {
        return known.computeIfAbsent(observer, unknown -> new LinkedHashMap<>());
    }

    private static SerfStatus status(NodeState state) {
        return switch (state) {
            case ALIVE, SUSPECT -> SerfStatus.ALIVE;
            case DEAD -> SerfStatus.FAILED;
            case LEFT -> SerfStatus.LEFT;
        };
    }
}
