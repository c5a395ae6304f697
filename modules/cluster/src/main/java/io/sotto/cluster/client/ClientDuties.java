package io.sotto.cluster.client;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.Coordinates;
import io.sotto.wire.rpc.consul.Nothing;
import io.sotto.wire.rpc.consul.QueryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a client agent's node registered and its coordinate known: {@code alone -> (a server is seen) serving -> (the last is
 * gone) alone}.
 *
 * <p>Each minute and a random minute more it asks what the catalog has of its node, and registers it if that differs; each 15
 * to 30 seconds it sends its coordinate. Where there is no server it does neither. What fails is logged once, and again only
 * when it fails otherwise. Supervised by resume: what it knows changes only by calls that return, and the message on which it
 * failed is handled once more. Source: RPC specification, section 9.
 */
public final class ClientDuties {
    private static final Logger LOG = LoggerFactory.getLogger(ClientDuties.class);
    private static final Duration STALE_MAX = Duration.ofSeconds(2);
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final String SERVER_ROLE = "consul";

    /** What it hears. */
    public sealed interface Command {}

    private record Seen(MemberEvent event) implements Command {}

    private enum Due implements Command {
        SYNC,
        COORDINATE
    }

    /** A round has ended; {@code failure} is empty if all went well. */
    private record Synced(Optional<String> failure) implements Command {}

    private record Told(Optional<String> failure) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ClientIdentity self;
    private final ConsulRpc consul;
    private final Rhythm rhythm;
    private final IntSupplier members;
    private final Supplier<Optional<Coordinate>> coordinate;

    private ClientDuties(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ClientIdentity self,
            ConsulRpc consul,
            Rhythm rhythm,
            IntSupplier members,
            Supplier<Optional<Coordinate>> coordinate) {
        this.context = context;
        this.timers = timers;
        this.self = self;
        this.consul = consul;
        this.rhythm = rhythm;
        this.members = members;
        this.coordinate = coordinate;
    }

    /**
     * Does the duties of a node of {@code pool}.
     *
     * @param servers calls any server of the datacenter
     */
    public static Behavior<Command> create(Pool pool, ClientIdentity self, RpcCaller servers, RandomGenerator random) {
        return Behaviors.setup(context -> {
            pool.subscribe(context.messageAdapter(MemberEvent.class, Seen::new));
            return over(
                    self,
                    servers,
                    random,
                    () -> pool.members().size(),
                    () -> pool.coordinate(self.name()),
                    SecondTry.Faults.NONE);
        });
    }

    static Behavior<Command> over(
            ClientIdentity self,
            RpcCaller servers,
            RandomGenerator random,
            IntSupplier members,
            Supplier<Optional<Coordinate>> coordinate,
            SecondTry.Faults faults) {
        ConsulRpc consul =
                ConsulRpc.create(servers, self.datacenter(), CALL_TIME).as(self.token());
        Behavior<Command> duties = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ClientDuties(context, timers, self, consul, new Rhythm(random), members, coordinate)
                        .alone(new State())));
        return SecondTry.of(Command.class, SupervisorStrategy.resume(), () -> faults, duties);
    }

    static Command seen(MemberEvent event) {
        return new Seen(event);
    }

    /**
     * What is known of the datacenter.
     *
     * @param servers by name
     * @param sync how the last round went, in words; empty for well
     * @param coordinate the same of the last coordinate
     */
    private record State(List<String> servers, String sync, String coordinate) {
        State() {
            this(List.of(), "", "");
        }

        State with(String server) {
            List<String> more = new ArrayList<>(servers);
            more.remove(server);
            more.add(server);
            return new State(List.copyOf(more), sync, coordinate);
        }

        State without(String server) {
            return new State(
                    servers.stream().filter(name -> !name.equals(server)).toList(), sync, coordinate);
        }
    }

    private Behavior<Command> alone(State state) {
        return Behaviors.receive(Command.class)
                .onMessage(Seen.class, seen -> {
                    State next = after(state, seen.event);
                    if (next.servers.isEmpty()) {
                        return Behaviors.same();
                    }
                    timers.startSingleTimer(Due.SYNC, rhythm.soon());
                    timers.startSingleTimer(Due.COORDINATE, rhythm.nextCoordinate(members.getAsInt()));
                    return serving(next);
                })
                .onMessage(Due.class, stale -> Behaviors.same())
                .onMessage(Synced.class, late -> Behaviors.same())
                .onMessage(Told.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> serving(State state) {
        return Behaviors.receive(Command.class)
                .onMessage(Seen.class, seen -> {
                    State next = after(state, seen.event);
                    if (next.servers.isEmpty()) {
                        timers.cancelAll();
                        return alone(new State());
                    }
                    return serving(next);
                })
                .onMessage(Due.class, due -> {
                    switch (due) {
                        case SYNC -> sync();
                        case COORDINATE -> tell();
                    }
                    return Behaviors.same();
                })
                .onMessage(Synced.class, done -> {
                    Duration pause = done.failure.isPresent()
                            ? rhythm.nextTry(members.getAsInt())
                            : rhythm.nextSync(members.getAsInt());
                    timers.startSingleTimer(Due.SYNC, pause);
                    String now = said("sync the node with the catalog", state.sync, done.failure);
                    return serving(new State(state.servers, now, state.coordinate));
                })
                .onMessage(Told.class, done -> {
                    timers.startSingleTimer(Due.COORDINATE, rhythm.nextCoordinate(members.getAsInt()));
                    String now = said("update the coordinate", state.coordinate, done.failure);
                    return serving(new State(state.servers, state.sync, now));
                })
                .build();
    }

    private static State after(State state, MemberEvent event) {
        Member member = event.member();
        if (!SERVER_ROLE.equals(member.tags().get("role"))) {
            return state.without(member.name());
        }
        return switch (event.kind()) {
            case JOINED, UPDATED ->
                member.status() == Member.Status.ALIVE ? state.with(member.name()) : state.without(member.name());
            case LEFT, FAILED, REAPED -> state.without(member.name());
        };
    }

    /** One line for each state, not for each try. */
    private static String said(String what, String before, Optional<String> failure) {
        String now = failure.orElse("");
        if (!now.isEmpty() && !now.equals(before)) {
            LOG.warn("failed to {}: error=\"{}\"", what, now);
        } else if (now.isEmpty() && !before.isEmpty()) {
            LOG.info("could {} again", what);
        }
        return now;
    }

    private void sync() {
        QueryOptions stale = QueryOptions.defaults().stale(STALE_MAX);
        CompletableFuture<Optional<String>> done = consul.nodeServiceList(self.name(), stale)
                .thenCompose(services -> consul.checksOfNode(self.name(), stale).thenCompose(checks -> {
                    Optional<String> unknown = failure(services).or(() -> failure(checks));
                    if (unknown.isPresent()) {
                        return CompletableFuture.completedFuture(unknown);
                    }
                    boolean isSo = services.answer()
                            .map(Catalog.NodeServiceList::nodeServices)
                            .filter(known -> self.isAs(known.node()))
                            .isPresent();
                    return isSo
                            ? CompletableFuture.completedFuture(Optional.<String>empty())
                            : consul.register(self.registration()).thenApply(this::registered);
                }));
        context.pipeToSelf(
                done, (failure, broken) -> new Synced(broken == null ? failure : Optional.of(String.valueOf(broken))));
    }

    private Optional<String> registered(RpcOutcome<Nothing> outcome) {
        Optional<String> failure = failure(outcome);
        if (failure.isEmpty()) {
            LOG.info("Synced node info");
        }
        return failure;
    }

    private void tell() {
        Optional<Coordinate> own = coordinate.get();
        if (own.isEmpty()) {
            context.getSelf().tell(new Told(Optional.empty()));
            return;
        }
        Coordinate at = own.get();
        List<Double> vector = new ArrayList<>();
        for (double component : at.vector()) {
            vector.add(component);
        }
        Coordinates.Point point = new Coordinates.Point(vector, at.error(), at.adjustment(), at.height());
        context.pipeToSelf(
                consul.coordinateUpdate(self.name(), "", point).thenApply(ClientDuties::failure),
                (failure, broken) -> new Told(broken == null ? failure : Optional.of(String.valueOf(broken))));
    }

    private static Optional<String> failure(RpcOutcome<?> outcome) {
        if (outcome instanceof RpcOutcome.Answer<?>) {
            return Optional.empty();
        }
        if (outcome instanceof RpcOutcome.Unreadable<?> unreadable) {
            return Optional.of("unreadable answer: " + unreadable.reason());
        }
        RpcResult result = ((RpcOutcome.NoAnswer<?>) outcome).result();
        if (result instanceof RpcResult.Failed failed) {
            return Optional.of(failed.text());
        }
        return Optional.of(
                result instanceof RpcResult.Unreachable unreachable ? unreachable.reason() : String.valueOf(result));
    }
}
