package io.sotto.gossip;

import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.membership.Claims;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;

/** Whole pools, production actors and stages, over a network in memory, in virtual time and with seeded chance. */
final class VirtualPools implements AutoCloseable {
    private static final long SEED = 20_300_101;

    final VirtualSystem virtual = new VirtualSystem();
    final MemoryNetwork network = new MemoryNetwork();
    final RecordedStreams streams = new RecordedStreams(network);
    final BreakableNetwork sockets = new BreakableNetwork(streams);
    private final SplittableRandom randoms = new SplittableRandom(SEED);
    private final Random entropy = new Random(SEED);
    private final Claims claims;
    private int lastHost;

    /** Nodes that believe strangers as the real members do. */
    VirtualPools() {
        this(Claims.UPSTREAM);
    }

    VirtualPools(Claims claims) {
        this.claims = claims;
    }

    /** One node, as a test sees it. */
    record Node(String name, InetSocketAddress address, ActorRef<GossipPool.Command> pool, PoolState state) {
        String target() {
            return address.getAddress().getHostAddress() + ":" + address.getPort();
        }

        Optional<NodeState> stateOf(String other) {
            return state.members().find(other).filter(MemberRecord::pooled).map(MemberRecord::state);
        }

        SerfStatus statusOf(String other) {
            return state.members().find(other).map(MemberRecord::status).orElse(SerfStatus.NONE);
        }

        List<String> names() {
            return state.members().records().stream()
                    .filter(MemberRecord::isListed)
                    .map(MemberRecord::name)
                    .sorted()
                    .toList();
        }
    }

    /** A node without keys that joins nobody by itself. */
    Node start(String name) {
        return start(name, KeySettings.none(), PoolSettings.Joining.nobody());
    }

    Node start(String name, KeySettings keys, PoolSettings.Joining joining) {
        return start(name, settings -> settings.withKeys(keys).withJoining(joining));
    }

    Node start(String name, UnaryOperator<PoolSettings> change) {
        return start(name, address(++lastHost), change);
    }

    /** The process ends without a word, and a new one of that name and address begins, without memory. */
    Node restart(Node node) {
        virtual.stop(node.pool());
        return start(node.name(), node.address(), UnaryOperator.identity());
    }

    private Node start(String name, InetSocketAddress address, UnaryOperator<PoolSettings> change) {
        PoolSettings settings =
                change.apply(settings(name, address, KeySettings.none(), PoolSettings.Joining.nobody()));
        PoolEnvironment environment = environment();
        PoolState state = PoolState.create(settings, environment.time());
        return new Node(name, address, virtual.spawn(GossipPool.create(settings, environment, state)), state);
    }

    /** What a node of this rig is told; a test may change a part. */
    PoolSettings settings(String name, InetSocketAddress bind, KeySettings keys, PoolSettings.Joining joining) {
        SwimSettings swim = SwimSettings.lan();
        PoolRules rules = PoolRules.open(name, swim, SerfSettings.serf())
                .withClaims(claims.policy(GuardSettings.defaults(), swim.probeInterval()));
        return PoolSettings.of("lan", rules, bind)
                .withMeta(Tags.encode(Map.of("name", name)))
                .withKeys(keys)
                .withJoining(joining);
    }

    PoolEnvironment environment() {
        return new PoolEnvironment(
                sockets, virtual.time(), randoms::split, entropy::nextBytes, VirtualPools::onlyLiterals);
    }

    JoinReport join(Node from, String... targets) {
        VirtualSystem.Recorder<JoinReport> reports = virtual.recorder();
        virtual.tell(from.pool(), new GossipPool.Join(List.of(targets), reports.ref()));
        virtual.passUntil("an answer to a join", () -> !reports.all().isEmpty(), Duration.ofSeconds(40));
        return reports.all().get(0);
    }

    GossipPool.Started started(Node node) {
        VirtualSystem.Recorder<GossipPool.Started> outcome = virtual.recorder();
        virtual.tell(node.pool(), new GossipPool.WhenStarted(outcome.ref()));
        virtual.passUntil("the outcome of a start", () -> !outcome.all().isEmpty(), Duration.ofSeconds(40));
        return outcome.all().get(0);
    }

    /** Neither datagrams nor streams pass between {@code node} and anybody else. */
    void cutOff(Node node) {
        InetAddress host = node.address().getAddress();
        network.link(
                (from, to) -> from.getAddress().equals(host) == to.getAddress().equals(host));
    }

    void heal() {
        network.link((from, to) -> true);
    }

    static KeySettings keyed(String key) {
        return new KeySettings(Optional.of(GossipKey.parse(key)), Optional.empty(), true, true);
    }

    static InetSocketAddress address(int host) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}), 7_946);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are always an address", e);
        }
    }

    private static InetAddress[] onlyLiterals(String host) throws UnknownHostException {
        if (!host.matches("[0-9.]+")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(host)};
    }

    @Override
    public void close() {
        virtual.close();
    }
}
