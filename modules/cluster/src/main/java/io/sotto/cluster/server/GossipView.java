package io.sotto.cluster.server;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.EventOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the endpoints ask of a pool. Safe to use from every thread; nothing blocks. */
interface GossipView {
    /** This node's name. */
    String self();

    /** All members listed, those that left or failed included, sorted by name. */
    List<Member> members();

    Optional<Coordinate> coordinate(String member);

    Optional<Duration> roundTrip(String from, String to);

    ClusterKeyring keyring();

    CompletionStage<EventOutcome> broadcast(String event, Octets payload);

    static GossipView of(Pool pool) {
        return new GossipView() {
            @Override
            public String self() {
                return pool.self().name();
            }

            @Override
            public List<Member> members() {
                return pool.members();
            }

            @Override
            public Optional<Coordinate> coordinate(String member) {
                return pool.coordinate(member);
            }

            @Override
            public Optional<Duration> roundTrip(String from, String to) {
                return pool.roundTrip(from, to);
            }

            @Override
            public ClusterKeyring keyring() {
                return pool.clusterKeyring();
            }

            @Override
            public CompletionStage<EventOutcome> broadcast(String event, Octets payload) {
                return pool.broadcast(event, payload, false);
            }
        };
    }
}
