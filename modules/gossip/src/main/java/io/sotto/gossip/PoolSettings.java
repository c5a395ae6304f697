package io.sotto.gossip;

import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.Claims;
import io.sotto.membership.PoolRules;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that one pool is told before it starts.
 *
 * @param name {@code lan} or {@code wan}, for logs and metrics
 * @param meta this node's tags, encoded
 * @param versions what this node advertises
 * @param bind where UDP and TCP listen; port 0 takes a free one
 * @param advertise what others are told; empty for the bound address
 * @param rules this node's name, the protocol's timing, and whom the pool takes in
 * @param keys the ring and what it is demanded for
 * @param label the pool's label, or empty
 * @param compression whether what is sent is compressed when that makes it shorter
 * @param allowed whose packets and streams are read at all
 * @param flood what others can make this node do at most
 * @param coordinates whether this node knows how far others are, and tells them where it is
 * @param snapshot where it keeps what it must know in its next life
 * @param claims how far strangers are believed; here it decides where answers go, the rest is in {@code rules}
 */
public record PoolSettings(
        String name,
        Octets meta,
        ProtocolVersions versions,
        InetSocketAddress bind,
        Optional<InetAddress> advertise,
        PoolRules rules,
        KeySettings keys,
        Octets label,
        boolean compression,
        AllowList allowed,
        Joining joining,
        DatapathSettings datapath,
        StreamSettings streams,
        FloodSettings flood,
        Claims claims,
        NetworkCoordinates coordinates,
        SnapshotSettings snapshot) {

    /** Whether a pool keeps network coordinates. */
    public enum NetworkCoordinates {
        /** Acks carry ours, and those of others are taken in. */
        KEPT,
        /** Acks carry nothing. */
        OFF
    }

    /** The same but for network coordinates. */
    public PoolSettings withCoordinates(NetworkCoordinates other) {
        return with(other, snapshot);
    }

    /** The same but for the snapshot. */
    public PoolSettings withSnapshot(SnapshotSettings other) {
        return with(coordinates, other);
    }

    private PoolSettings with(NetworkCoordinates newCoordinates, SnapshotSettings newSnapshot) {
        return new PoolSettings(
                name,
                meta,
                versions,
                bind,
                advertise,
                rules,
                keys,
                label,
                compression,
                allowed,
                joining,
                datapath,
                streams,
                flood,
                claims,
                newCoordinates,
                newSnapshot);
    }

    /** The same settings under other rules. */
    public PoolSettings withRules(PoolRules newRules) {
        return new PoolSettings(
                name,
                meta,
                versions,
                bind,
                advertise,
                newRules,
                keys,
                label,
                compression,
                allowed,
                joining,
                datapath,
                streams,
                flood,
                claims,
                coordinates,
                snapshot);
    }

    /**
     * Whom to join at start.
     *
     * @param start tried once; when none answers, the start fails
     * @param retry tried until one answers
     * @param interval the longest wait between two rounds
     * @param maxRounds 0 is without end
     */
    public record Joining(List<String> start, List<String> retry, Duration interval, int maxRounds) {
        public Joining {
            start = List.copyOf(start);
            retry = List.copyOf(retry);
        }

        public static Joining nobody() {
            return new Joining(List.of(), List.of(), Duration.ofSeconds(30), 0);
        }
    }
}
