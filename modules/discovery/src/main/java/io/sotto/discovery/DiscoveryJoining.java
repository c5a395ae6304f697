package io.sotto.discovery;

import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;

/**
 * Looks addresses up and joins those where no living member is: lookup, join, pause, one after another. Restarts when it fails,
 * since it keeps nothing but its turn.
 */
final class DiscoveryJoining extends AbstractBehavior<DiscoveryJoining.Command> {
    private final Pool pool;
    private final ServiceDiscovery method;
    private final DiscoveryJoinSettings settings;
    private final Lookup lookup;
    private final DiscoveryJoin.Latest published;
    private final TimerScheduler<Command> timers;
    private DiscoveryJoin.Status status;
    private int inVain;
    private long round;

    /** What this actor is told. */
    sealed interface Command {}

    /** To look no more. */
    enum Stop implements Command {
        INSTANCE
    }

    private enum Look implements Command {
        INSTANCE
    }

    private record NotStarted(Throwable reason) implements Command {}

    private record LookedUp(Collection<JoinList.Found> found) implements Command {}

    private record NotLookedUp(Throwable reason) implements Command {}

    private record Ended(Optional<JoinOutcome> outcome, String reason) implements Command {}

    private DiscoveryJoining(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Pool pool,
            ServiceDiscovery method,
            DiscoveryJoinSettings settings,
            DiscoveryJoin.Latest published) {
        super(context);
        this.timers = timers;
        this.pool = pool;
        this.method = method;
        this.settings = settings;
        this.published = published;
        // What an earlier life of this actor counted, counts.
        this.status = published.get();
        this.lookup = lookup(settings);
        context.pipeToSelf(
                pool.started(),
                (self, failure) -> failure == null ? Look.INSTANCE : new NotStarted(Deadline.cause(failure)));
    }

    static Behavior<Command> create(
            Pool pool, ServiceDiscovery method, DiscoveryJoinSettings settings, DiscoveryJoin.Latest published) {
        Behavior<Command> joining = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new DiscoveryJoining(context, timers, pool, method, settings, published)));
        return Behaviors.supervise(joining)
                .onFailure(SupervisorStrategy.restartWithBackoff(
                        settings.pauseAfter(1), settings.retryInterval().plusSeconds(1), 0));
    }

    private static Lookup lookup(DiscoveryJoinSettings settings) {
        Lookup lookup = Lookup.create(settings.service());
        Lookup ofPort = settings.portName().map(lookup::withPortName).orElse(lookup);
        return settings.protocol().map(ofPort::withProtocol).orElse(ofPort);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Look.class, this::onLook)
                .onMessage(LookedUp.class, this::onLookedUp)
                .onMessage(NotLookedUp.class, this::onNotLookedUp)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(NotStarted.class, this::onNotStarted)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> onNotStarted(NotStarted failed) {
        getContext()
                .getLog()
                .warn("{}: nothing is looked up to be joined: {}", pool.name(), failed.reason.getMessage());
        return Behaviors.stopped();
    }

    private Behavior<Command> onLook(Look look) {
        Member.Status own = pool.self().status();
        if (own == Member.Status.LEAVING || own == Member.Status.LEFT) {
            return Behaviors.stopped();
        }
        getContext()
                .pipeToSelf(
                        Deadline.within(
                                getContext().getSystem(),
                                lookUp(),
                                settings.resolveTimeout().plusSeconds(1),
                                () -> new ServiceDiscovery.DiscoveryTimeoutException(
                                        "no answer within " + settings.resolveTimeout())),
                        (resolved, failure) -> failure == null
                                ? new LookedUp(found(resolved))
                                : new NotLookedUp(Deadline.cause(failure)));
        return this;
    }

    private CompletionStage<ServiceDiscovery.Resolved> lookUp() {
        try {
            return method.lookup(lookup, settings.resolveTimeout());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<JoinList.Found> found(ServiceDiscovery.Resolved resolved) {
        return resolved.getAddresses().stream()
                .map(target -> new JoinList.Found(
                        target.host(),
                        target.getAddress(),
                        target.port().isDefined()
                                ? OptionalInt.of((int) target.port().get())
                                : OptionalInt.empty()))
                .toList();
    }

    private Behavior<Command> onLookedUp(LookedUp answer) {
        JoinList list = JoinList.of(
                answer.found, pool.members(), pool.self(), settings.port(), settings.addressesMax(), round++);
        tell(new DiscoveryJoin.Status(
                status.lookups() + 1,
                status.failedLookups(),
                status.contacted(),
                status.leftOut() + list.leftOut(),
                status.problem()));
        if (list.addresses().isEmpty()) {
            return pause(Optional.empty());
        }
        getContext()
                .pipeToSelf(
                        pool.join(list.addresses()),
                        (outcome, failure) -> failure == null
                                ? new Ended(Optional.of(outcome), problem(outcome))
                                : new Ended(Optional.empty(), String.valueOf(failure.getMessage())));
        return this;
    }

    private Behavior<Command> onNotLookedUp(NotLookedUp failed) {
        tell(new DiscoveryJoin.Status(
                status.lookups() + 1,
                status.failedLookups() + 1,
                status.contacted(),
                status.leftOut(),
                status.problem()));
        return pause(Optional.of("lookup of " + settings.service() + ": " + failed.reason.getMessage()));
    }

    private Behavior<Command> onEnded(Ended ended) {
        int contacted = ended.outcome.map(JoinOutcome::contacted).orElse(0);
        tell(new DiscoveryJoin.Status(
                status.lookups(),
                status.failedLookups(),
                status.contacted() + contacted,
                status.leftOut(),
                status.problem()));
        if (contacted == 0) {
            return pause(Optional.of(ended.reason));
        }
        getContext().getLog().info("{}: joined {} of the addresses that were looked up", pool.name(), contacted);
        inVain = 0;
        return pause(Optional.empty());
    }

    private static String problem(JoinOutcome outcome) {
        return outcome.failures().stream()
                .findFirst()
                .map(failure -> failure.address() + ": " + failure.reason())
                .orElse("nobody there");
    }

    private Behavior<Command> pause(Optional<String> problem) {
        if (problem.isPresent() && !problem.equals(status.problem())) {
            getContext().getLog().warn("{}: joined nobody who was looked up: {}", pool.name(), problem.get());
        }
        tell(new DiscoveryJoin.Status(
                status.lookups(), status.failedLookups(), status.contacted(), status.leftOut(), problem));
        boolean hasOthers = pool.members().stream()
                .anyMatch(member -> member.status() == Member.Status.ALIVE
                        && !member.name().equals(pool.self().name()));
        if (!hasOthers) {
            inVain++;
            timers.startSingleTimer(Look.INSTANCE, settings.pauseAfter(inVain));
            return this;
        }
        inVain = 0;
        if (settings.interval().isZero()) {
            return Behaviors.stopped();
        }
        timers.startSingleTimer(Look.INSTANCE, settings.interval());
        return this;
    }

    private void tell(DiscoveryJoin.Status next) {
        status = next;
        published.set(next);
    }
}
