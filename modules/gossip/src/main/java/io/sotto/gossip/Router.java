package io.sotto.gossip;

import io.sotto.gossip.datapath.Inbound;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Hands each message that came through the stages to the one actor that it concerns. Claims that say nothing new, which are
 * nearly all, end here without waking anybody. Called by the inbound stream and by stream exchanges; it keeps no state.
 */
final class Router {
    /** The actors of a running pool. */
    record Targets(
            ActorRef<Members.Command> members,
            ActorRef<LocalMember.Command> local,
            ActorRef<ProbeScheduler.Command> probes,
            ActorRef<Events.Command> events,
            Hearing hearing,
            Inflow inflow) {}

    private final Targets targets;
    private final Answers answers;
    private final Credence credence;
    private final Supplier<MembersView> view;
    private final String self;
    private final Limits limits;
    private final PoolTime time;
    private final Consumer<Rejection> rejected;

    Router(
            Targets targets,
            Answers answers,
            Credence credence,
            Supplier<MembersView> view,
            String self,
            Limits limits,
            PoolTime time,
            Consumer<Rejection> rejected) {
        this.targets = targets;
        this.answers = answers;
        this.credence = credence;
        this.view = view;
        this.self = self;
        this.limits = limits;
        this.time = time;
        this.rejected = rejected;
    }

    /** Whatever one message leads to, the others of the batch are routed, and the stream goes on. */
    void routeAll(List<Inbound> batch) {
        targets.hearing.heard();
        for (Inbound inbound : batch) {
            try {
                route(inbound.message(), inbound.source(), inbound.sealed());
            } catch (RuntimeException | StackOverflowError e) {
                // Only the kind of the failure: its message might quote what the peer sent.
                rejected.accept(new Rejection(
                        Rejection.Reason.MALFORMED,
                        "routing it failed with " + e.getClass().getSimpleName(),
                        inbound.source(),
                        0));
            }
        }
    }

    /** A member sent something over a stream. */
    void heardStream() {
        targets.hearing.heard();
    }

    /** @param sealed whether a key of the ring opened what the message came in */
    void route(SwimMessage message, InetSocketAddress source, boolean sealed) {
        switch (message.kind()) {
            case PING -> ping((SwimMessage.Ping) message, source, sealed);
            case INDIRECT_PING -> indirectPing((SwimMessage.IndirectPing) message, source);
            case ACK -> {
                if (!credence.takes((SwimMessage.Ack) message)
                        && hasRoom(targets.inflow.probes().enter(), source)) {
                    targets.probes.tell(new ProbeScheduler.Acked((SwimMessage.Ack) message, time.now()));
                }
            }
            case NACK -> {
                if (hasRoom(targets.inflow.probes().enter(), source)) {
                    targets.probes.tell(new ProbeScheduler.Nacked((SwimMessage.Nack) message, source));
                }
            }
            case ALIVE, SUSPECT, DEAD -> claim((SwimMessage.Claim) message, source, sealed);
            case USER -> user(((SwimMessage.User) message).body(), source, sealed, Way.DATAGRAM);
            case ERR -> rejected.accept(new Rejection(Rejection.Reason.TYPE, "msg type (13) not supported", source, 1));
        }
    }

    private void ping(SwimMessage.Ping ping, InetSocketAddress source, boolean sealed) {
        credence.heard(source, sealed);
        InetSocketAddress answerTo = answers.to(ping.asker(), source);
        if (mayAnswer(answerTo, source) && hasRoom(targets.inflow.local().enter(), source)) {
            targets.local.tell(new LocalMember.Pinged(ping, source, answerTo));
        }
    }

    private void indirectPing(SwimMessage.IndirectPing request, InetSocketAddress source) {
        Optional<InetSocketAddress> target = answers.target(request);
        if (target.isEmpty()) {
            reject(Rejection.Reason.THIRD_PARTY, "it asks us to ping what is no known member's address", source);
            answers.member(request.asker())
                    .filter(member -> request.nack() && mayAnswer(member, source))
                    .filter(member -> hasRoom(targets.inflow.probes().enterIfQuiet(), source))
                    .ifPresent(member -> targets.probes.tell(new ProbeScheduler.CannotPing(request.seqNo(), member)));
            return;
        }
        InetSocketAddress requester = answers.to(request.asker(), source);
        if (mayAnswer(target.get(), source)
                && mayAnswer(requester, source)
                && hasRoom(targets.inflow.probes().enterIfQuiet(), source)) {
            targets.probes.tell(new ProbeScheduler.AskedToPing(request, target.get(), requester));
        }
    }

    private boolean mayAnswer(InetSocketAddress to, InetSocketAddress source) {
        boolean may = answers.admits(to.getAddress());
        if (!may) {
            reject(Rejection.Reason.RATE, "it asks for more answers to one address than we give", source);
        }
        return may;
    }

    private boolean hasRoom(boolean entered, InetSocketAddress source) {
        if (!entered) {
            reject(Rejection.Reason.OVERLOAD, "the mailbox that it is for is full", source);
        }
        return entered;
    }

    private void reject(Rejection.Reason reason, String detail, InetSocketAddress source) {
        rejected.accept(new Rejection(reason, detail, source, 0));
    }

    /** A user message that came over a stream. */
    void routeStreamed(SwimMessage.User message, InetSocketAddress source, boolean sealed) {
        user(message.body(), source, sealed, Way.STREAM);
    }

    private enum Way {
        DATAGRAM,
        STREAM
    }

    private boolean counts(InetSocketAddress source, boolean sealed, Way way) {
        boolean counts = switch (way) {
            case DATAGRAM -> credence.ofDatagram(source, sealed);
            case STREAM -> credence.ofStream(source);
        };
        if (!counts) {
            reject(Rejection.Reason.UNPROVEN, "it speaks of members, and is not known to be there", source);
        }
        return counts;
    }

    private boolean isBelieved(SerfMessage.Intent intent, InetSocketAddress source) {
        boolean isBelieved = credence.believes(intent, view.get().clock());
        if (!isBelieved) {
            reject(Rejection.Reason.BOUNDS, "an intent whose Lamport time is implausible", source);
        }
        return isBelieved;
    }

    private void claim(SwimMessage.Claim said, InetSocketAddress source, boolean sealed) {
        MembersView current = view.get();
        SwimMessage.Claim claim =
                OwnPort.inPlaceOfNone(said, current.self().address().port());
        if (claim.node().equals(self)) {
            if (counts(source, sealed, Way.DATAGRAM)
                    && hasRoom(targets.inflow.local().enterIfQuiet(), source)) {
                targets.local.tell(new LocalMember.Heard(claim, Optional.of(source)));
            }
            return;
        }
        boolean isHeld = current.holds(claim);
        if ((isHeld && !answers.mayBeLate(claim)) || !counts(source, sealed, Way.DATAGRAM)) {
            return;
        }
        Optional<ActorRef<RemoteMember.Command>> actor = current.actorOf(claim.node());
        if (actor.isPresent()) {
            if ((!isHeld || mayAnswer(source, source)) && hasRoom(targets.inflow.enter(actor.get()), source)) {
                actor.get()
                        .tell(
                                isHeld
                                        ? new RemoteMember.SuspectedLate((SwimMessage.Suspect) claim, source)
                                        : new RemoteMember.Heard(claim));
            }
        } else if (hasRoom(targets.inflow.claims().enter(), source)) {
            targets.members.tell(new Members.Heard(claim));
        }
    }

    private void user(Octets body, InetSocketAddress source, boolean sealed, Way way) {
        if (body.isEmpty()) {
            return;
        }
        DecodedSerf decoded = SerfCodec.decode(body, limits);
        if (decoded instanceof DecodedSerf.Malformed malformed) {
            rejected.accept(new Rejection(malformed.reason(), malformed.detail(), source, body.length()));
        } else if (decoded instanceof DecodedSerf.Message message) {
            serf(message.message(), body, source, sealed, way);
        }
    }

    private void serf(SerfMessage message, Octets body, InetSocketAddress source, boolean sealed, Way way) {
        switch (message.kind()) {
            case LEAVE, JOIN -> {
                SerfMessage.Intent intent = (SerfMessage.Intent) message;
                if (!view.get().holds(intent)
                        && counts(source, sealed, way)
                        && isBelieved(intent, source)
                        && hasRoom(targets.inflow.claims().enter(), source)) {
                    targets.members.tell(new Members.HeardIntent(intent, body));
                }
            }
            case PUSH_PULL, CONFLICT_RESPONSE, KEY_REQUEST, KEY_RESPONSE ->
                rejected.accept(new Rejection(
                        Rejection.Reason.TYPE,
                        "serf: Received message of unknown type: "
                                + message.kind().code(),
                        source,
                        body.length()));
            case USER_EVENT, QUERY -> {
                if (counts(source, sealed, way) && hasRoom(targets.inflow.enterEventsIfQuiet(body.length()), source)) {
                    targets.events.tell(new Events.Heard(message, body, source, sealed));
                }
            }
            case QUERY_RESPONSE, RELAY -> {
                if (hasRoom(targets.inflow.enterEvents(body.length()), source)) {
                    targets.events.tell(new Events.Heard(message, body, source, sealed));
                }
            }
        }
    }
}
