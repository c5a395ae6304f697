package io.sotto.rpc.pool;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The guardian of all connections that a node makes for its calls: {@code running -> stopping}. It knows whom there is to
 * call, keeps the servers of each datacenter in order, and has one {@link RpcConnection} for each peer that was called.
 *
 * <p>Calls do not pass through here: {@link RpcCalls} reads the {@link RpcPoolState} that this actor publishes. It is told
 * when a caller finds no link, and when one fails.
 *
 * <p>A failure while a message is handled leaves what is known of the peers as it was, and the message is handled once more: all of
 * them may be. Source: RPC specification, section 9.
 */
public final class RpcPool {
    /** What the pool can be told. */
    public sealed interface Command {}

    /** All peers that there are now, in place of those of before. */
    public record Peers(List<RpcPeer> peers) implements Command {
        public Peers {
            peers = List.copyOf(peers);
        }
    }

    /** Other TLS settings are in force: every connection is replaced, and every server has to prove anew that it is one. */
    public enum Renewed implements Command {
        INSTANCE
    }

    /** Takes no further call, and answers when the last connection has ended, within the drain timeout or so. */
    public record Stop(ActorRef<Done> replyTo) implements Command {}

    /** A caller waits in the slot. */
    record Wanted(Slot slot) implements Command {}

    /** A call to a server went wrong in a way that another server might not. */
    record Failed(Slot slot) implements Command {}

    /** A dial gave no link. */
    record NotDialled(Slot slot, Slot.Failure failure) implements Command {}

    /** A dial gave a link: the peer has proven what it had to. */
    record Proved(Slot slot) implements Command {}

    private record Ended(Slot slot) implements Command {}

    private enum Rebalance implements Command {
        INSTANCE
    }

    /** @param index of the one that was pinged, in {@code order} */
    private record Pinged(String datacenter, List<Slot> order, int index, boolean answered) implements Command {}

    /** Source: RPC specification, section 9: what real agents ask the server that they turn to. */
    private static final String PING = "Status.Ping";

    private static final Octets EMPTY_MAP = Octets.hex("80");
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

    /** Connections that one server gains per second at most when all members turn to another. */
    private static final int REBALANCED_PER_SECOND = 64;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final RpcPoolState state;
    private final RpcCalls calls;
    private final RandomGenerator random;
    private final PeerBook book;

    private RpcPool(ActorContext<Command> context, TimerScheduler<Command> timers, RpcPoolState state) {
        this.context = context;
        context.setLoggerName(RpcPool.class);
        this.timers = timers;
        this.state = state;
        this.calls = RpcCalls.over(context.getSystem(), context.getSelf(), state);
        this.random = state.environment().randoms().get();
        this.book = new PeerBook(random);
    }

    /** A pool without peers; {@code state} is what it publishes. */
    public static Behavior<Command> create(RpcPoolState state) {
        Behavior<Command> pool =
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new RpcPool(context, timers, state).start()));
        // What it knows is changed only by calls that return.
        return SecondTry.of(Command.class, SupervisorStrategy.resume(), () -> state.faults(RpcPool.class), pool);
    }

    private Behavior<Command> start() {
        scheduleRebalance();
        return running();
    }

    private Behavior<Command> running() {
        return Behaviors.receive(Command.class)
                .onMessage(Peers.class, this::onPeers)
                .onMessage(Renewed.class, renewed -> onRenewed())
                .onMessage(Wanted.class, this::onWanted)
                .onMessage(Failed.class, failed -> {
                    if (book.failed(failed.slot)) {
                        publish();
                    }
                    return Behaviors.same();
                })
                .onMessage(NotDialled.class, this::onNotDialled)
                .onMessage(Proved.class, proved -> {
                    if (book.proved(proved.slot)) {
                        publish();
                    }
                    return Behaviors.same();
                })
                .onMessage(Ended.class, ended -> {
                    // Somebody came to wait while it went.
                    if (ended.slot.isAwaited()) {
                        context.getSelf().tell(new Wanted(ended.slot));
                    }
                    return Behaviors.same();
                })
                .onMessage(Rebalance.class, now -> onRebalance())
                .onMessage(Pinged.class, this::onPinged)
                .onMessage(Stop.class, this::onStop)
                .build();
    }

    private Behavior<Command> onPeers(Peers peers) {
        PeerBook.Change change = book.update(peers.peers, mustProve(), nanos());
        publish();
        change.gone().forEach(slot -> tellIfThere(slot, RpcConnection.Retire.INSTANCE));
        change.changed().forEach(slot -> tellIfThere(slot, RpcConnection.Changed.INSTANCE));
        if (mustProve()) {
            change.newcomers().forEach(slot -> child(slot).tell(RpcConnection.Examine.INSTANCE));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onRenewed() {
        List<Slot> examined = book.forgetProofs(mustProve());
        publish();
        for (ActorRef<Void> child : context.getChildren()) {
            child.<RpcConnection.Command>unsafeUpcast().tell(RpcConnection.Renewed.INSTANCE);
        }
        examined.forEach(slot -> child(slot).tell(RpcConnection.Examine.INSTANCE));
        return Behaviors.same();
    }

    private Behavior<Command> onWanted(Wanted wanted) {
        if (book.holds(wanted.slot)) {
            child(wanted.slot).tell(RpcConnection.Wanted.INSTANCE);
        } else {
            refuse(wanted.slot);
        }
        return Behaviors.same();
    }

    private static void refuse(Slot slot) {
        Slot.Failure gone = new Slot.Failure(slot.peer().name() + " is no longer there", Optional.empty());
        slot.tell(new Slot.Outcome(Optional.empty(), Optional.of(gone)));
    }

    private Behavior<Command> onNotDialled(NotDialled failed) {
        Slot slot = failed.slot;
        boolean isNews = book.failed(slot);
        if (slot.peer().isServer()
                && failed.failure
                        .refused()
                        .map(refused -> refused.reason().actsAsServer())
                        .orElse(false)) {
            failed.failure.refused().ifPresent(refused -> {
                if (book.exclude(slot, refused.explain())) {
                    state.alarms.increment();
                    state.environment().alarms().accept(new RpcAlarm(slot.peer(), refused));
                }
            });
            isNews = true;
        }
        if (isNews) {
            publish();
        }
        return Behaviors.same();
    }

    /** Those that were no servers get another chance to prove that they are; calls go to them only once they have. */
    private Behavior<Command> onRebalance() {
        // First, so that no fault below makes it the last.
        scheduleRebalance();
        book.excludedNow().forEach(slot -> child(slot).tell(RpcConnection.Examine.INSTANCE));
        for (String datacenter : book.datacenters()) {
            List<Slot> order = new ArrayList<>(book.shuffled(datacenter));
            order.retainAll(state.routes().servers().getOrDefault(datacenter, List.of()));
            ping(datacenter, order, 0);
        }
        return Behaviors.same();
    }

    private void ping(String datacenter, List<Slot> order, int index) {
        if (index >= order.size()) {
            state.rebalancedInVain.increment();
            return;
        }
        context.pipeToSelf(
                calls.once(order.get(index), new RpcRequest(PING, EMPTY_MAP, PING_TIMEOUT)),
                (result, failure) -> new Pinged(datacenter, order, index, result instanceof RpcResult.Answered));
    }

    private Behavior<Command> onPinged(Pinged pinged) {
        if (!pinged.answered) {
            ping(pinged.datacenter, pinged.order, pinged.index + 1);
            return Behaviors.same();
        }
        state.rebalanced.increment();
        book.order(pinged.datacenter, pinged.order, pinged.order.get(pinged.index));
        publish();
        return Behaviors.same();
    }

    private Behavior<Command> onStop(Stop stop) {
        timers.cancelAll();
        book.update(List.of(), false, nanos());
        publish();
        for (ActorRef<Void> child : context.getChildren()) {
            child.<RpcConnection.Command>unsafeUpcast().tell(RpcConnection.Retire.INSTANCE);
        }
        return stopping(List.of(stop.replyTo));
    }

    private Behavior<Command> stopping(List<ActorRef<Done>> waiting) {
        if (context.getChildren().isEmpty()) {
            waiting.forEach(replyTo -> replyTo.tell(Done.getInstance()));
            return stopped();
        }
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, again -> {
                    List<ActorRef<Done>> all = new ArrayList<>(waiting);
                    all.add(again.replyTo);
                    return stopping(all);
                })
                .onMessage(Ended.class, ended -> stopping(waiting))
                .onMessage(Wanted.class, wanted -> {
                    refuse(wanted.slot);
                    return Behaviors.same();
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    /** Stays, so that who calls is told at once that nobody is there. */
    private Behavior<Command> stopped() {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, again -> {
                    again.replyTo.tell(Done.getInstance());
                    return Behaviors.same();
                })
                .onMessage(Wanted.class, wanted -> {
                    refuse(wanted.slot);
                    return Behaviors.same();
                })
                .onAnyMessage(late -> Behaviors.same())
                .build();
    }

    private void scheduleRebalance() {
        long least = state.settings().rebalance().toNanos();
        long staggered = least + random.nextLong(least / 2 + 1);
        int servers = Math.max(book.serverCount(), 1);
        long spread = Duration.ofSeconds(book.size()).toNanos() / ((long) servers * REBALANCED_PER_SECOND);
        timers.startSingleTimer(Rebalance.INSTANCE, Duration.ofNanos(Math.max(staggered, spread)));
    }

    private ActorRef<RpcConnection.Command> child(Slot slot) {
        return find(slot).orElseGet(() -> {
            ActorRef<RpcConnection.Command> child =
                    context.spawn(RpcConnection.create(slot, state, context.getSelf()), name(slot));
            context.watchWith(child, new Ended(slot));
            return child;
        });
    }

    private void tellIfThere(Slot slot, RpcConnection.Command command) {
        find(slot).ifPresent(child -> child.tell(command));
    }

    private Optional<ActorRef<RpcConnection.Command>> find(Slot slot) {
        return context.getChild(name(slot)).map(ActorRef::unsafeUpcast);
    }

    private static String name(Slot slot) {
        return "connection-" + slot.number();
    }

    private boolean mustProve() {
        return state.environment().namesServers().getAsBoolean();
    }

    private long nanos() {
        return state.environment().nanos().getAsLong();
    }

    private void publish() {
        state.publish(book.routes());
    }
}
