package io.sotto.cluster.upshift;

import io.sotto.gossip.files.FileFault;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.OrderRule;
import io.sotto.membership.upshift.drive.Stands;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/**
 * The one who obeys: {@code idle <-> taking}. Who may order is settled by certificates and tokens, what is obeyed by {@link
 * OrderRule}; one stage is taken at a time, and others wait meanwhile. An order is answered as taken once the stage is in force and
 * on the disk, and the record with it.
 *
 * <p>What it refuses it counts and logs, at most once in {@code LOG_AGAIN} for each reason; a certificate that orders without
 * being allowed to is an alarm. Runs on a dispatcher for blocking work. Supervised by restart: the order on which it failed is handled
 * once more, and one that was being taken is silent, so that its driver asks how it stands. Source: ours; security rules, "TLS".
 */
public final class UpshiftMember {
    /** What it is told. */
    public sealed interface Command {}

    /**
     * Who calls.
     *
     * @param proven what its certificate proves
     * @param source where it calls from, for people
     * @param isSelf whether it is the driver in this very node
     */
    public record Caller(PeerIdentity proven, Optional<InetSocketAddress> source, boolean isSelf) {
        /** The driver in this node. */
        static Caller self() {
            return new Caller(PeerIdentity.unproven(), Optional.empty(), true);
        }
    }

    /** An order; the answer is completed in any case but a fault. */
    public record Ordered(Caller caller, UpshiftOrder order, CompletableFuture<OrderAnswer> answer)
            implements Command {}

    private record Took(Ordered ordered, Optional<String> fault) implements Command {}

    /**
     * What it works with.
     *
     * @param datacenter of this node
     * @param authority whose token is enough; read with each order
     * @param clock the wall clock
     */
    public record Links(
            String datacenter,
            Footing footing,
            UpshiftBook book,
            UpshiftCounters counters,
            Supplier<UpshiftAuthority> authority,
            Supplier<Instant> clock) {}

    private static final int WAITING_MAX = 64;
    private static final Duration LOG_AGAIN = Duration.ofSeconds(10);

    private final ActorContext<Command> context;
    private final StashBuffer<Command> stash;
    private final Links links;
    private final Map<OrderRefusal, Instant> spokenOf = new EnumMap<>(OrderRefusal.class);

    private UpshiftMember(ActorContext<Command> context, StashBuffer<Command> stash, Links links) {
        this.context = context;
        context.setLoggerName(UpshiftMember.class);
        this.stash = stash;
        this.links = links;
    }

    /** The actor of one node. */
    public static Behavior<Command> create(Links links, Supplier<SecondTry.Faults> faults) {
        Behavior<Command> member = Behaviors.setup(
                context -> Behaviors.withStash(WAITING_MAX, stash -> new UpshiftMember(context, stash, links).idle()));
        return SecondTry.of(Command.class, SupervisorStrategy.restart(), faults, member);
    }

    /** Where it runs: it writes to the disk. */
    public static DispatcherSelector dispatcher() {
        return DispatcherSelector.blocking();
    }

    private Behavior<Command> idle() {
        return Behaviors.receive(Command.class)
                .onMessage(Ordered.class, this::onOrdered)
                .onMessage(Took.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> taking(Ordered now) {
        return Behaviors.receive(Command.class)
                .onMessage(Ordered.class, next -> {
                    if (stash.isFull()) {
                        refuse(
                                next,
                                OrderRefusal.BUSY,
                                "takes another stage, and too many orders wait",
                                Optional.empty());
                    } else {
                        stash.stash(next);
                    }
                    return Behaviors.same();
                })
                .onMessage(Took.class, took -> took.ordered.equals(now) ? onTook(took) : Behaviors.same())
                .onSignal(PreRestart.class, restart -> {
                    now.answer.complete(OrderAnswer.silent("a fault of that node broke it off"));
                    stash.forEach(next -> {
                        if (next instanceof Ordered waiting) {
                            waiting.answer.complete(OrderAnswer.silent("a fault of that node broke it off"));
                        }
                    });
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onOrdered(Ordered ordered) {
        UpshiftOrder order = ordered.order;
        UpshiftRecord record = order.record();
        UpshiftKind kind = record.kind();
        if (!mayOrder(ordered)) {
            return Behaviors.same();
        }
        Optional<UpshiftRecord> held = links.book.last(kind);
        OrderRule.Verdict verdict = OrderRule.judge(held, stage(kind, record.keyId()), order.stage(), record);
        if (!verdict.isObeyed()) {
            boolean isOvertaken = held.filter(later -> UpshiftRecord.PRECEDENCE.compare(record, later) < 0)
                    .isPresent();
            return refuse(
                    ordered,
                    isOvertaken ? OrderRefusal.OVERTAKEN : OrderRefusal.SKIPS,
                    verdict.why(),
                    isOvertaken ? held : Optional.empty());
        }
        if (verdict.take().isEmpty()) {
            return keep(ordered);
        }
        UpshiftStage stage = verdict.take().get();
        Optional<GossipKey> key = order.key().filter(given -> given.id().equals(record.keyId()));
        if (kind == UpshiftKind.GOSSIP && stage != UpshiftStage.NONE && key.isEmpty() && !holds(record.keyId())) {
            return refuse(
                    ordered,
                    OrderRefusal.KEY,
                    "lacks the key " + record.keyId() + ", which did not come with the order",
                    Optional.empty());
        }
        context.getLog()
                .info(
                        "{} upshift {}: takes stage {} by order of {}",
                        kind,
                        record.id(),
                        stage,
                        printable(record.driver()));
        context.pipeToSelf(
                links.footing.take(kind, stage, record.keyId(), key.map(GossipKey::copy)),
                (fault, failure) ->
                        new Took(ordered, fault == null ? Optional.of("cannot take it: " + failure) : fault));
        return taking(ordered);
    }

    private Behavior<Command> onTook(Took took) {
        if (took.fault.isPresent()) {
            refuse(took.ordered, OrderRefusal.NOT_TAKEN, took.fault.get(), Optional.empty());
        } else {
            keep(took.ordered);
        }
        return stash.unstashAll(idle());
    }

    /** Writes the record down, and only then says that it is done. */
    private Behavior<Command> keep(Ordered ordered) {
        UpshiftRecord record = ordered.order.record();
        try {
            Optional<UpshiftRecord> later = links.book.keep(record);
            if (later.isPresent()) {
                return refuse(ordered, OrderRefusal.OVERTAKEN, "another order came first", later);
            }
        } catch (FileFault fault) {
            return refuse(
                    ordered,
                    OrderRefusal.NOT_TAKEN,
                    "cannot write the journal: " + fault.getMessage(),
                    Optional.empty());
        }
        links.counters.took(record.kind());
        if (record.outcome().isPresent()) {
            String lines = links.footing
                    .report(links.book.all())
                    .toBeSaid(record.kind())
                    .map(these -> "; " + these)
                    .orElse("");
            context.getLog()
                    .info(
                            "{} upshift {}: it is over, {}{}",
                            record.kind(),
                            printable(record.id()),
                            record.outcome().get(),
                            lines);
        }
        wipe(ordered);
        ordered.answer.complete(OrderAnswer.taken());
        return Behaviors.same();
    }

    private boolean mayOrder(Ordered ordered) {
        Caller caller = ordered.caller;
        if (caller.isSelf) {
            return true;
        }
        UpshiftRecord record = ordered.order.record();
        PeerIdentity proven = caller.proven;
        if (!proven.role().proves(PeerRole.MEMBER)) {
            refuse(
                    ordered,
                    OrderRefusal.UNPROVEN,
                    "orders are taken over TLS from a caller with a certificate of this pool's authority only",
                    Optional.empty());
            return false;
        }
        if (!proven.mayBe(record.driver(), links.datacenter)) {
            alarm(OrderRefusal.OTHER_NODE, caller, "orders in the name of " + record.driver());
            refuse(
                    ordered,
                    OrderRefusal.OTHER_NODE,
                    "the caller's certificate is not that of " + record.driver(),
                    Optional.empty());
            return false;
        }
        if (!proven.role().proves(PeerRole.SERVER) && !links.authority.get().takes(ordered.order.token())) {
            alarm(OrderRefusal.UNAUTHORISED, caller, "orders a stage of an upshift");
            refuse(
                    ordered,
                    OrderRefusal.UNAUTHORISED,
                    "orders take the certificate of a server, or a token with operator:write",
                    Optional.empty());
            return false;
        }
        return true;
    }

    private void alarm(OrderRefusal cause, Caller caller, String what) {
        if (maySpeak(cause)) {
            context.getLog()
                    .error(
                            "UPSHIFT ALARM: {} {} and shows a certificate that does not allow it: {}",
                            caller.source.map(String::valueOf).orElse("somebody"),
                            printable(what),
                            caller.proven.leaf().map(CertificateFacts::brief).orElse("none"));
        }
    }

    private Behavior<Command> refuse(Ordered ordered, OrderRefusal cause, String why, Optional<UpshiftRecord> held) {
        links.counters.refused(cause);
        wipe(ordered);
        if (maySpeak(cause)) {
            UpshiftRecord record = ordered.order.record();
            context.getLog()
                    .warn(
                            "{} upshift {}: the order to take stage {}, by {} from {}, is refused: {}",
                            record.kind(),
                            printable(record.id()),
                            ordered.order.stage(),
                            printable(record.driver()),
                            ordered.caller.source.map(String::valueOf).orElse("this node"),
                            printable(why));
        }
        ordered.answer.complete(OrderAnswer.refused(why, held));
        return Behaviors.same();
    }

    /** Whoever sends many must not fill the log. */
    private boolean maySpeak(OrderRefusal cause) {
        Instant now = links.clock.get();
        Instant last = spokenOf.get(cause);
        if (last != null && now.isBefore(last.plus(LOG_AGAIN))) {
            return false;
        }
        spokenOf.put(cause, now);
        return true;
    }

    /** Whoever made an order for this very node owns its key. */
    private static void wipe(Ordered ordered) {
        if (!ordered.caller.isSelf) {
            ordered.order.key().ifPresent(GossipKey::wipe);
        }
    }

    private UpshiftStage stage(UpshiftKind kind, String keyId) {
        return Stands.stage(links.footing.report(links.book.all()).said(), kind, keyId, links.clock.get());
    }

    private boolean holds(String keyId) {
        return links.footing.ring().stream().anyMatch(key -> key.id().equals(keyId));
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(256)
                .forEach(point -> shown.appendCodePoint(Character.isISOControl(point) ? '?' : point));
        return shown.toString();
    }
}
