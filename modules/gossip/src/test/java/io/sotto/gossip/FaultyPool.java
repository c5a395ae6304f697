package io.sotto.gossip;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.membership.Claims;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.event.UserEvent;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Three nodes under load, {@code a}, {@code b} and {@code c}, guarded and sealed, of which the actors of {@code a} are made to
 * fail; a fourth comes and goes. What is asked of them is remembered with its answer.
 */
final class FaultyPool implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    final VirtualPools pools = new VirtualPools(Claims.GUARDED);
    final List<Node> nodes = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<VirtualSystem.Recorder<MemberEvent>> members = new ArrayList<>();
    final List<VirtualSystem.Recorder<UserEvent>> events = new ArrayList<>();
    private final Path directory;
    private final List<String> keys = new ArrayList<>();
    private VirtualSystem.Recorder<KeyReport> keyStep;
    private KeyOperation operation = KeyOperation.INSTALL;
    private Optional<Node> guest = Optional.empty();
    private int round;

    /** Something that an application asked, and whether it has its answer. */
    record Call(String what, long atNanos, BooleanSupplier isAnswered) {}

    /**
     * @param directory where {@code a} keeps its ring and its snapshot
     * @param hasMemory whether {@code a} finds the others by its snapshot; otherwise by {@code retry-join}
     */
    FaultyPool(Path directory, Supervision.Faults faults, boolean hasMemory) throws IOException {
        this.directory = directory;
        pools.virtual.tolerateWarning("");
        keys.add(key(0));
        Node b = pools.start("b", settings -> sotto(settings, Optional.empty()));
        Node c = pools.start("c", settings -> sotto(settings, Optional.empty()));
        pools.join(c, b.target());
        Files.createDirectories(directory);
        Path snapshot = directory.resolve("local.snapshot");
        Files.writeString(snapshot, hasMemory ? "alive: b " + b.target() + "\n" : "");
        Files.setPosixFilePermissions(snapshot, PosixFilePermissions.fromString("rw-------"));
        PoolSettings settings = sotto(
                        pools.settings("a", VirtualPools.address(9), KeySettings.none(), PoolSettings.Joining.nobody()),
                        Optional.of(directory.resolve("local.keyring")))
                .withJoining(new PoolSettings.Joining(
                        List.of(), hasMemory ? List.of() : List.of(c.target()), Duration.ofSeconds(5), 0))
                .withSnapshot(new SnapshotSettings(Optional.of(snapshot), false));
        PoolEnvironment environment = pools.environment();
        PoolState state = PoolState.create(settings, environment.time());
        state.counters().supervision().inject(faults);
        Node a = new Node(
                "a",
                VirtualPools.address(9),
                pools.virtual.spawn(GossipPool.create(settings, environment, state)),
                state);
        nodes.addAll(List.of(a, b, c));
        for (Node node : nodes) {
            members.add(pools.virtual.recorder());
            events.add(pools.virtual.recorder());
            node.pool()
                    .tell(new GossipPool.Subscribe(
                            members.get(members.size() - 1).ref()));
            node.pool()
                    .tell(new GossipPool.SubscribeEvents(
                            events.get(events.size() - 1).ref()));
        }
        keyStep = pools.virtual.recorder();
    }

    Node a() {
        return nodes.get(0);
    }

    static String key(int number) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) number;
        return java.util.Base64.getEncoder().encodeToString(bytes);
    }

    private static PoolSettings sotto(PoolSettings settings, Optional<Path> ring) {
        return settings.withKeys(new KeySettings(Optional.of(GossipKey.parse(key(0))), ring, true, true))
                .withMeta(Tags.encode(Map.of(SottoQuery.TAG, SottoQuery.TAG_VALUE)));
    }

    boolean allKnowAll() {
        return nodes.stream()
                .allMatch(node -> node.names().containsAll(List.of("a", "b", "c"))
                        && nodes.stream()
                                .allMatch(other ->
                                        node.statusOf(other.name()).name().equals("ALIVE")));
    }

    /** A second of what applications and operators do, at each node. */
    void work() {
        round++;
        for (Node node : nodes) {
            this.<Broadcasted>ask(
                    node,
                    "event",
                    reply -> new GossipPool.Broadcast("e" + round, Octets.utf8(node.name()), false, reply));
        }
        Node asker = nodes.get(round % nodes.size());
        query(asker);
        switch (round % 5) {
            case 0 ->
                this.<KeyReport>ask(
                        a(), "list", reply -> new GossipPool.KeyQuery(KeyOperation.LIST, Optional.empty(), 0, reply));
            case 1 -> this.<KeyReport>ask(a(), "status", reply -> new GossipPool.KeyStatus(0, reply));
            case 2 -> {
                this.<MemberReports>ask(a(), "reports", GossipPool.AskReports::new);
                this.<KeyFindings>ask(
                        a(), "trials", reply -> new GossipPool.TryKey(Optional.empty(), Set.of("b", "c"), reply));
            }
            case 3 ->
                this.<Reconfigured>ask(
                        a(),
                        "reconfigure",
                        reply -> new GossipPool.Reconfigure(
                                PoolChange.to(pools.settings(
                                        "a",
                                        VirtualPools.address(9),
                                        new KeySettings(Optional.empty(), Optional.empty(), round % 2 == 0, true),
                                        PoolSettings.Joining.nobody())),
                                reply));
            default ->
                this.<Boolean>ask(a(), "force-leave", reply -> new GossipPool.ForceLeave("nobody", false, reply));
        }
        a().pool()
                .tell(new GossipPool.UpdateMeta(
                        Tags.encode(Map.of(SottoQuery.TAG, SottoQuery.TAG_VALUE, "round", String.valueOf(round)))));
        this.<JoinReport>ask(
                a(), "join", reply -> new GossipPool.Join(List.of(nodes.get(1).target()), reply));
        comeAndGo();
        changeKeys();
        pools.virtual.pass(Duration.ofSeconds(1));
    }

    void query(Node asker) {
        VirtualSystem.Recorder<QueryProgress> told = pools.virtual.recorder();
        record(
                "query of " + asker.name(),
                () -> told.all().stream()
                        .anyMatch(step ->
                                step instanceof QueryProgress.Finished || step instanceof QueryProgress.Refused));
        asker.pool()
                .tell(new GossipPool.Ask(
                        new QueryRequest("load", Octets.empty(), List.of(), true, 0, Optional.empty()), told.ref()));
    }

    /** In the order that cuts nobody off; a step that not all have done is done again, as an operator would. */
    private void changeKeys() {
        if (round % 3 != 0) {
            return;
        }
        List<KeyReport> reports = keyStep.take();
        if (!reports.isEmpty()
                && reports.get(0).refused().isEmpty()
                && reports.get(0).silent().isEmpty()
                && reports.get(0).answers().values().stream().allMatch(said -> said.done())) {
            switch (operation) {
                case INSTALL -> operation = KeyOperation.USE;
                case USE -> operation = KeyOperation.REMOVE;
                default -> {
                    operation = KeyOperation.INSTALL;
                    keys.remove(0);
                }
            }
        }
        if (operation == KeyOperation.INSTALL && keys.size() == 1) {
            keys.add(key(round));
        }
        String about = operation == KeyOperation.REMOVE ? keys.get(0) : keys.get(1);
        nodes.get(1)
                .pool()
                .tell(new GossipPool.KeyQuery(operation, Optional.of(GossipKey.parse(about)), 0, keyStep.ref()));
    }

    private void comeAndGo() {
        if (round % 8 == 1) {
            int host = 100 + round;
            List<String> known = List.copyOf(keys);
            guest = Optional.of(pools.start(
                    "d" + host,
                    settings -> settings.withKeys(new KeySettings(
                                    Optional.of(GossipKey.parse(known.get(known.size() - 1))),
                                    Optional.empty(),
                                    true,
                                    true))
                            .withMeta(Tags.encode(Map.of()))));
            guest.get()
                    .pool()
                    .tell(new GossipPool.Join(
                            List.of(nodes.get(2).target()),
                            pools.virtual.<JoinReport>recorder().ref()));
        } else if (round % 8 == 5) {
            guest.ifPresent(node -> node.pool()
                    .tell(new GossipPool.Leave(
                            pools.virtual.<GossipPool.Left>recorder().ref())));
        } else if (round % 8 == 0) {
            guest.ifPresent(node -> pools.virtual.stop(node.pool()));
            guest = Optional.empty();
        }
    }

    /** A whole rotation, driven by {@code a}. */
    VirtualSystem.Recorder<RotationProgress> rotate() {
        VirtualSystem.Recorder<RotationProgress> told = pools.virtual.recorder();
        a().pool()
                .tell(new GossipPool.Rotate(
                        new RotationRequest.Start(RotationCause.ASKED, RotationMachine.Beginning.ANY), told.ref()));
        return told;
    }

    <A> VirtualSystem.Recorder<A> ask(
            Node node, String what, java.util.function.Function<ActorRef<A>, GossipPool.Command> question) {
        VirtualSystem.Recorder<A> told = pools.virtual.recorder();
        record(what + " of " + node.name(), () -> !told.all().isEmpty());
        node.pool().tell(question.apply(told.ref()));
        return told;
    }

    private void record(String what, BooleanSupplier isAnswered) {
        calls.add(new Call(what, pools.virtual.time().nanos(), isAnswered));
    }

    /** What has no answer though it had the time for one. */
    List<Call> unanswered() {
        return calls.stream().filter(call -> !call.isAnswered().getAsBoolean()).toList();
    }

    void quiet() {
        guest.ifPresent(node -> pools.virtual.stop(node.pool()));
        pools.virtual.pass(ANSWER_MAX);
    }

    String ringFile() throws IOException {
        return Files.readString(directory.resolve("local.keyring"));
    }

    @Override
    public void close() {
        pools.close();
    }
}
