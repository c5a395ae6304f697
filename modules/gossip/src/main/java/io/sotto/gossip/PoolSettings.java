package io.sotto.gossip;

import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.rotation.RotationSettings;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.Claims;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.PoolRules;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param otherLabels labels that are taken besides while the label changes; the empty one stands for none
 * @param compression whether what is sent is compressed when that makes it shorter
 * @param allowed whose packets and streams are read at all
 * @param flood what others can make this node do at most
 * @param coordinates whether this node knows how far others are, and tells them where it is
 * @param snapshot where it keeps what it must know in its next life
 * @param rotation when the key is replaced, and how many messages it seals
 * @param plaintextUntil until when plaintext may be taken in beside a key
 * @param claims how far strangers are believed; here it decides where answers go, the rest is in {@code rules}
 * @param guard what guarded claims go by
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
        List<Octets> otherLabels,
        boolean compression,
        AllowList allowed,
        Joining joining,
        DatapathSettings datapath,
        StreamSettings streams,
        FloodSettings flood,
        Claims claims,
        GuardSettings guard,
        NetworkCoordinates coordinates,
        SnapshotSettings snapshot,
        RotationSettings rotation,
        PlaintextUntil plaintextUntil) {

    public PoolSettings {
        otherLabels = List.copyOf(otherLabels);
    }

    /** Whether a pool keeps network coordinates. */
    public enum NetworkCoordinates {
        /** Acks carry ours, and those of others are taken in. */
        KEPT,
        /** Acks carry nothing. */
        OFF
    }

    /**
     * A pool that sends and reads plaintext, joins nobody, lets everybody in and keeps nothing on disk: for the callers to
     * change what they need otherwise.
     */
    public static PoolSettings of(String name, PoolRules rules, InetSocketAddress bind) {
        return new PoolSettings(
                name,
                Octets.empty(),
                ProtocolVersions.SERF,
                bind,
                Optional.empty(),
                rules,
                KeySettings.none(),
                Octets.empty(),
                List.of(),
                true,
                AllowList.all(),
                Joining.nobody(),
                DatapathSettings.defaults(),
                StreamSettings.defaults(),
                FloodSettings.defaults(),
                Claims.GUARDED,
                GuardSettings.defaults(),
                NetworkCoordinates.KEPT,
                SnapshotSettings.none(),
                RotationSettings.defaults(),
                PlaintextUntil.forever());
    }

    /** The same for another pool, in another place. */
    public PoolSettings named(String other, InetSocketAddress place) {
        return with(draft -> {
            draft.name = other;
            draft.bind = place;
        });
    }

    public PoolSettings withMeta(Octets other) {
        return with(draft -> draft.meta = other);
    }

    public PoolSettings withVersions(ProtocolVersions other) {
        return with(draft -> draft.versions = other);
    }

    public PoolSettings withAdvertise(Optional<InetAddress> other) {
        return with(draft -> draft.advertise = other);
    }

    public PoolSettings withRules(PoolRules other) {
        return with(draft -> draft.rules = other);
    }

    public PoolSettings withKeys(KeySettings other) {
        return with(draft -> draft.keys = other);
    }

    public PoolSettings withLabel(Octets other) {
        return with(draft -> draft.label = other);
    }

    public PoolSettings withOtherLabels(List<Octets> others) {
        return with(draft -> draft.otherLabels = others);
    }

    public PoolSettings withCompression(boolean other) {
        return with(draft -> draft.compression = other);
    }

    public PoolSettings withAllowed(AllowList other) {
        return with(draft -> draft.allowed = other);
    }

    public PoolSettings withJoining(Joining other) {
        return with(draft -> draft.joining = other);
    }

    public PoolSettings withDatapath(DatapathSettings other) {
        return with(draft -> draft.datapath = other);
    }

    public PoolSettings withStreams(StreamSettings other) {
        return with(draft -> draft.streams = other);
    }

    public PoolSettings withFlood(FloodSettings other) {
        return with(draft -> draft.flood = other);
    }

    public PoolSettings withClaims(Claims other) {
        return with(draft -> draft.claims = other);
    }

    public PoolSettings withGuard(GuardSettings other) {
        return with(draft -> draft.guard = other);
    }

    public PoolSettings withCoordinates(NetworkCoordinates other) {
        return with(draft -> draft.coordinates = other);
    }

    public PoolSettings withSnapshot(SnapshotSettings other) {
        return with(draft -> draft.snapshot = other);
    }

    public PoolSettings withRotation(RotationSettings other) {
        return with(draft -> draft.rotation = other);
    }

    public PoolSettings withPlaintextUntil(PlaintextUntil other) {
        return with(draft -> draft.plaintextUntil = other);
    }

    private PoolSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
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

    /** The components while one of them changes. */
    private static final class Draft {
        private String name;
        private Octets meta;
        private ProtocolVersions versions;
        private InetSocketAddress bind;
        private Optional<InetAddress> advertise;
        private PoolRules rules;
        private KeySettings keys;
        private Octets label;
        private List<Octets> otherLabels;
        private boolean compression;
        private AllowList allowed;
        private Joining joining;
        private DatapathSettings datapath;
        private StreamSettings streams;
        private FloodSettings flood;
        private Claims claims;
        private GuardSettings guard;
        private NetworkCoordinates coordinates;
        private SnapshotSettings snapshot;
        private RotationSettings rotation;
        private PlaintextUntil plaintextUntil;

        Draft(PoolSettings from) {
            this.name = from.name;
            this.meta = from.meta;
            this.versions = from.versions;
            this.bind = from.bind;
            this.advertise = from.advertise;
            this.rules = from.rules;
            this.keys = from.keys;
            this.label = from.label;
            this.otherLabels = from.otherLabels;
            this.compression = from.compression;
            this.allowed = from.allowed;
            this.joining = from.joining;
            this.datapath = from.datapath;
            this.streams = from.streams;
            this.flood = from.flood;
            this.claims = from.claims;
            this.guard = from.guard;
            this.coordinates = from.coordinates;
            this.snapshot = from.snapshot;
            this.rotation = from.rotation;
            this.plaintextUntil = from.plaintextUntil;
        }

        PoolSettings settings() {
            return new PoolSettings(
                    name,
                    meta,
                    versions,
                    bind,
                    advertise,
                    rules,
                    keys,
                    label,
                    otherLabels,
                    compression,
                    allowed,
                    joining,
                    datapath,
                    streams,
                    flood,
                    claims,
                    guard,
                    coordinates,
                    snapshot,
                    rotation,
                    plaintextUntil);
        }
    }
}
