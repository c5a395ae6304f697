package io.sotto.gossip;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.coordinate.CoordinateCodec;
import io.sotto.membership.coordinate.Vivaldi;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Where this node is in the space of round trips, and where others said they are. Each direct answer to a probe moves it a
 * little; our own acks tell it on.
 *
 * <p>It remembers listed members only, so that its memory is bounded as the table of members is: whom {@link Members}
 * forgets, it forgets. What a peer tells that cannot be used is counted by what is wrong with it. Supervised by resume: the
 * machine it owns is only changed by calls that return.
 *
 * <p>Source: gossip specification, section 18.
 */
final class Coordinates {
    sealed interface Command {}

    /** A probe of this member was answered directly, after so long, with this payload. */
    record Measured(String member, Duration roundTrip, Octets payload) implements Command {}

    private record Happened(MemberEvent event) implements Command {}

    /** What it needs of its pool. */
    record Links(
            ActorRef<Members.Command> members,
            Supplier<MembersView> view,
            CoordinateBook book,
            PoolTime time,
            RandomGenerator random,
            PoolCounters counters) {}

    private final ActorContext<Command> context;
    private final Links links;
    private final Vivaldi vivaldi;
    private final LineLimit strangeVersions = LineLimit.perSecond();

    private Coordinates(ActorContext<Command> context, Links links) {
        this.context = context;
        context.setLoggerName(Coordinates.class);
        this.links = links;
        this.vivaldi = Vivaldi.create(links.random);
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> new Coordinates(context, links).locating());
    }

    private Behavior<Command> locating() {
        links.book.move(vivaldi.own());
        links.members.tell(new Members.Subscribe(context.messageAdapter(MemberEvent.class, Happened::new)));
        return Behaviors.receive(Command.class)
                .onMessage(Measured.class, this::onMeasured)
                .onMessage(Happened.class, this::onHappened)
                .build();
    }

    private Behavior<Command> onMeasured(Measured measured) {
        // An answer of one that was forgotten meanwhile would be remembered for good.
        if (links.view
                .get()
                .find(measured.member)
                .filter(MemberRecord::isListed)
                .isPresent()) {
            links.counters.coordinates.increment(locate(measured));
        }
        return Behaviors.same();
    }

    private PoolCounters.Located locate(Measured measured) {
        CoordinateCodec.Decoded decoded = CoordinateCodec.decode(measured.payload);
        if (decoded instanceof CoordinateCodec.Decoded.Told told) {
            return move(measured, told.coordinate());
        }
        if (decoded instanceof CoordinateCodec.Decoded.Unknown unknown) {
            if (strangeVersions.admits(links.time.now())) {
                context.getLog()
                        .warn(
                                "serf: Unsupported ping version {} from {}",
                                unknown.version(),
                                Printable.of(measured.member));
            }
            return PoolCounters.Located.VERSION;
        }
        return decoded instanceof CoordinateCodec.Decoded.Absent
                ? PoolCounters.Located.ABSENT
                : PoolCounters.Located.MALFORMED;
    }

    private PoolCounters.Located move(Measured measured, Coordinate theirs) {
        PoolCounters.Located located =
                PoolCounters.Located.of(vivaldi.update(measured.member, theirs, measured.roundTrip));
        if (located.isUsed()) {
            links.book.move(vivaldi.own());
            links.book.put(measured.member, theirs);
        }
        return located;
    }

    private Behavior<Command> onHappened(Happened happened) {
        if (happened.event.kind() == MemberEvent.Kind.REAPED) {
            String gone = happened.event.member().name();
            vivaldi.forget(gone);
            links.book.remove(gone);
        }
        return Behaviors.same();
    }
}
