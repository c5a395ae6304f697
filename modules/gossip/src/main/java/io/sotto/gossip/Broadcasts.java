package io.sotto.gossip;

import io.sotto.gossip.datapath.Outbound;
import io.sotto.gossip.datapath.Outbox;
import io.sotto.gossip.datapath.Sealing;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.broadcast.BroadcastQueue;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The news that is still to be spread, and the one door through which datagrams leave: every message sent takes along
 * what news fits, and a ticker sends on what is left.
 *
 * <p>News that comes after a silence need not wait for the ticker: a tick at which nothing was to be told saves a round of
 * gossip, up to {@value #SAVED_MAX}, and fresh news spends one shortly after it came. So the first rounds of news follow
 * each other as fast as the network, in the long run there are no more rounds than ticks, and no message is sent more
 * often than otherwise. The wait in between lets news that comes together go together. And when more fresh news waits than
 * the packets of a round hold, as when many join at once, a tick has up to {@value #ROUNDS_MAX} rounds.
 *
 * <p>A tick at which there is nothing to tell and nothing left to save wakes a processor for nothing, in every pool, five times
 * a second: the ticker then rests, and goes on in its old rhythm when news comes.
 *
 * <p>It owns five transmit-limited queues: claims about members, and, in the order in which they may fill what room the
 * claims leave, Serf's intents, queries that must not travel in the clear, other queries, and user events. A datagram that
 * holds one of the confidential queries is marked, so that it is sealed or not sent at all whatever the demands have become
 * by then; where plaintext is sent they go in datagrams of their own, and where there is no key they are dropped.
 * Supervised by resume: the queues are only changed by calls that return; were they lost, anti-entropy would mend it within a
 * push/pull interval. Of this length because a third of it is the catalogue of what can be told.
 *
 * <p>Source: gossip specification, section 12; SWIM, section 4.1 (infection-style dissemination).
 *
 * <p>Over 400 lines: one queue, its ticker and what leaves it.
 */
final class Broadcasts {
    sealed interface Command {}

    /**
     * News about a member; it replaces older news of the same queue name.
     *
     * @param isOld whether it is news to us only: those who told us tell others too
     */
    record QueueClaim(String queueName, SwimMessage.Claim claim, ActorRef<Transmitted> whenOut, boolean isOld)
            implements Command {
        QueueClaim(String queueName, SwimMessage.Claim claim, ActorRef<Transmitted> whenOut) {
            this(queueName, claim, whenOut, false);
        }
    }

    /** A Serf message, complete with its type byte. */
    record QueueIntent(Octets body, ActorRef<Transmitted> whenOut) implements Command {}

    /**
     * A query or a user event, complete with its type byte. What fits into no datagram is not queued.
     *
     * @param sealing whether it may leave in the clear
     */
    record QueueMessage(Transmitted content, Octets body, Sealing sealing) implements Command {
        QueueMessage {
            if (content != Transmitted.QUERY && content != Transmitted.EVENT) {
                throw new IllegalArgumentException(content + " has a queue command of its own");
            }
        }

        QueueMessage(Transmitted content, Octets body) {
            this(content, body, Sealing.AS_DEMANDED);
        }
    }

    /** Send these messages now, as one datagram, with or without what news fits. */
    record Send(
            InetSocketAddress to,
            List<SwimMessage> messages,
            boolean takesGossip,
            boolean peerReadsChecksum,
            Sealing sealing)
            implements Command {
        Send {
            messages = List.copyOf(messages);
        }

        Send(InetSocketAddress to, List<SwimMessage> messages, boolean takesGossip, boolean peerReadsChecksum) {
            this(to, messages, takesGossip, peerReadsChecksum, Sealing.AS_DEMANDED);
        }

        /** A ping, ack or nack: it takes gossip along and carries no checksum. Source: gossip specification, 3.3. */
        static Send withGossip(InetSocketAddress to, SwimMessage message) {
            return new Send(to, List.of(message), true, false);
        }

        /** The same without gossip. */
        Send alone() {
            return new Send(to, messages, false, peerReadsChecksum);
        }
    }

    /** Tell one member these claims, in as many datagrams as they need. */
    record Introduce(InetSocketAddress to, List<SwimMessage.Claim> claims) implements Command {
        Introduce {
            claims = List.copyOf(claims);
        }
    }

    /** Another timing is in force. */
    enum Retimed implements Command {
        INSTANCE
    }

    private enum Tick implements Command {
        INSTANCE
    }

    private enum Soon implements Command {
        INSTANCE
    }

    /** A queued message of this kind was sent its full number of times, or was replaced. */
    enum Transmitted {
        CLAIM,
        INTENT,
        QUERY,
        EVENT
    }

    /** What it needs of its pool. */
    record Links(
            Supplier<MembersView> view,
            Supplier<WirePolicy> policy,
            Outbox outbox,
            Inflow inflow,
            int newsMax,
            Supplier<SwimSettings> swim,
            SerfSettings serf,
            PoolTime time,
            RandomGenerator random,
            PoolCounters counters) {}

    private static final int COMPOUND_HEADER_BYTES = 2;
    private static final int COMPOUND_ENTRY_BYTES = 2;
    private static final int USER_ENTRY_BYTES = 3;
    /** Source: gossip specification, section 12.2; the larger envelope, version 0, is never sent. */
    private static final int ENVELOPE_BYTES = 29;
    /** Members from this maximum version on understand checksums. */
    private static final int CHECKSUM_VERSION = 5;

    /** Rounds of gossip that may come early, each after a tick at which there was nothing to tell. */
    static final int SAVED_MAX = 3;

    /** Rounds at one tick: more than one only while news waits that no packet of the round before had room for. */
    static final int ROUNDS_MAX = 4;

    /** How long fresh news waits for more that may go with it. */
    private static final Duration SOON = Duration.ofMillis(10);

    private final TimerScheduler<Command> timers;
    private final Links links;
    private final BroadcastQueue<ActorRef<Transmitted>> claims;
    private final BroadcastQueue<ActorRef<Transmitted>> intents;
    private final BroadcastQueue<Transmitted> confidential;
    private final BroadcastQueue<Transmitted> queries;
    private final BroadcastQueue<Transmitted> events;
    private final QueueDepths depths;
    private Duration ticking = Duration.ZERO;
    private long lastTickNanos;
    private int saved;

    private Broadcasts(TimerScheduler<Command> timers, Links links, QueueDepths depths) {
        this.timers = timers;
        this.links = links;
        this.depths = depths;
        this.claims = new BroadcastQueue<>(() -> links.swim.get().retransmitMult());
        this.intents = new BroadcastQueue<>(() -> links.swim.get().retransmitMult());
        this.confidential = new BroadcastQueue<>(() -> links.swim.get().retransmitMult());
        this.queries = new BroadcastQueue<>(() -> links.swim.get().retransmitMult());
        this.events = new BroadcastQueue<>(() -> links.swim.get().retransmitMult());
    }

    static Behavior<Command> create(Links links, QueueDepths depths) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Broadcasts(timers, links, depths).spreading()));
    }

    /** A Serf message as the body of a user message. */
    static Octets body(SerfMessage message) {
        return Octets.wrap(SerfCodec.encode(message));
    }

    private Behavior<Command> spreading() {
        startTicking();
        return Behaviors.receive(Command.class)
                .onMessage(QueueClaim.class, this::onClaim)
                .onMessage(QueueIntent.class, this::onIntent)
                .onMessage(QueueMessage.class, this::onMessage)
                .onMessage(Send.class, this::onSend)
                .onMessage(Introduce.class, this::onIntroduce)
                .onMessage(Tick.class, tick -> onTick())
                .onMessage(Soon.class, soon -> onSoon())
                .onMessage(Retimed.class, retimed -> onRetimed())
                .build();
    }

    private void startTicking() {
        ticking = links.swim.get().gossipInterval();
        // Members that started together must not tick together.
        Duration first = Duration.ofNanos(links.random.nextLong(ticking.toNanos()) + 1);
        timers.startTimerAtFixedRate(Tick.INSTANCE, first, ticking);
    }

    private void rest() {
        timers.cancel(Tick.INSTANCE);
        lastTickNanos = links.time.nanos();
    }

    private void newsCame() {
        if (!timers.isTimerActive(Tick.INSTANCE)) {
            long rested = (links.time.nanos() - lastTickNanos) % ticking.toNanos();
            timers.startTimerAtFixedRate(Tick.INSTANCE, ticking.minusNanos(rested), ticking);
        }
        spreadSoon();
    }

    private Behavior<Command> onRetimed() {
        if (!links.swim.get().gossipInterval().equals(ticking)) {
            startTicking();
        }
        return Behaviors.same();
    }

    private Behavior<Command> onClaim(QueueClaim queue) {
        links.counters.queued.increment(Transmitted.CLAIM);
        links.inflow.news().left();
        int transmits = queue.isOld ? claims.transmitLimit(links.view.get().poolSize()) / 2 : 0;
        claims.add(queue.queueName, Replies.encode(queue.claim), queue.whenOut, transmits)
                .ifPresent(replaced -> replaced.tell(Transmitted.CLAIM));
        var dropped = claims.prune(links.newsMax, links.view.get().self().name());
        depths.dropped(dropped.size());
        finished(dropped, Transmitted.CLAIM);
        newsCame();
        return publishDepths();
    }

    private Behavior<Command> onIntent(QueueIntent queue) {
        links.counters.queued.increment(Transmitted.INTENT);
        links.inflow.news().left();
        intents.add(queue.body, queue.whenOut);
        var dropped = intents.prune(links.serf.queueBound(links.view.get().size()));
        depths.dropped(dropped.size());
        finished(dropped, Transmitted.INTENT);
        newsCame();
        return publishDepths();
    }

    private Behavior<Command> onMessage(QueueMessage queue) {
        links.counters.queued.increment(queue.content);
        links.inflow.news().left();
        WirePolicy policy = links.policy.get();
        if (queue.body.length() > roomFor(policy, policy.isKeyed()) - USER_ENTRY_BYTES) {
            depths.dropped(1);
            return Behaviors.same();
        }
        BroadcastQueue<Transmitted> waiting =
                queue.sealing == Sealing.ALWAYS ? confidential : queue.content == Transmitted.QUERY ? queries : events;
        waiting.add(queue.body, queue.content);
        depths.dropped(
                waiting.prune(links.serf.queueBound(links.view.get().size())).size());
        newsCame();
        return publishDepths();
    }

    private Behavior<Command> onSend(Send send) {
        links.inflow.news().left();
        List<Octets> parts = new ArrayList<>();
        int used = 0;
        for (SwimMessage message : send.messages) {
            Octets encoded = Replies.encode(message);
            parts.add(encoded);
            used += encoded.length();
        }
        Sealing sealing = send.sealing;
        if (send.takesGossip) {
            WirePolicy policy = links.policy.get();
            boolean sealed = policy.sealingKey().isPresent();
            if (addGossip(parts, roomFor(policy, sealed) - used, sealed) == Sealing.ALWAYS) {
                sealing = Sealing.ALWAYS;
            }
        }
        links.outbox.offer(new Outbound(send.to, parts, send.peerReadsChecksum, sealing));
        return publishDepths();
    }

    private Behavior<Command> onIntroduce(Introduce introduce) {
        WirePolicy policy = links.policy.get();
        int room = roomFor(policy, policy.isKeyed());
        List<Octets> parts = new ArrayList<>();
        int left = room;
        for (SwimMessage.Claim claim : introduce.claims) {
            Octets encoded = Replies.encode(claim);
            if (!parts.isEmpty() && encoded.length() + COMPOUND_ENTRY_BYTES > left) {
                links.outbox.offer(new Outbound(introduce.to, List.copyOf(parts), false));
                parts.clear();
                left = room;
            }
            parts.add(encoded);
            left -= encoded.length() + COMPOUND_ENTRY_BYTES;
        }
        if (!parts.isEmpty()) {
            links.outbox.offer(new Outbound(introduce.to, parts, false));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onTick() {
        if (!hasNews()) {
            saved = Math.min(SAVED_MAX, saved + 1);
            if (saved == SAVED_MAX) {
                rest();
            }
            return Behaviors.same();
        }
        Behavior<Command> next = spread();
        for (int round = 1; round < ROUNDS_MAX && hasFresh(); round++) {
            spread();
        }
        return next;
    }

    private boolean hasNews() {
        return !(claims.isEmpty()
                && intents.isEmpty()
                && confidential.isEmpty()
                && queries.isEmpty()
                && events.isEmpty());
    }

    private boolean hasFresh() {
        return claims.hasFresh()
                || intents.hasFresh()
                || confidential.hasFresh()
                || queries.hasFresh()
                || events.hasFresh();
    }

    private void spreadSoon() {
        if (saved > 0 && !timers.isTimerActive(Soon.INSTANCE)) {
            timers.startSingleTimer(Soon.INSTANCE, SOON);
        }
    }

    private Behavior<Command> onSoon() {
        if (!hasFresh()) {
            // The ticker came first, or an answer took it along.
            return Behaviors.same();
        }
        saved--;
        Behavior<Command> next = spread();
        if (hasFresh()) {
            spreadSoon();
        }
        return next;
    }

    /** One round of gossip: a packet for each of a few members, as long as there is news. */
    private Behavior<Command> spread() {
        MembersView view = links.view.get();
        List<MemberRecord> targets = Roster.gossipTargets(
                view.inAnyOrder(), view.self().name(), links.swim.get(), links.time.now(), links.random);
        WirePolicy policy = links.policy.get();
        for (MemberRecord target : targets) {
            List<Octets> parts = new ArrayList<>();
            Sealing sealing = addGossip(
                    parts,
                    roomFor(policy, policy.isKeyed()),
                    policy.sealingKey().isPresent());
            if (parts.isEmpty()) {
                break;
            }
            offer(target, parts, sealing);
        }
        if (policy.sealingKey().isEmpty() && confidential.size() > 0) {
            spreadConfidential(targets, policy);
        }
        return publishDepths();
    }

    /** Where plaintext is sent, nothing else shares a datagram with what must not be. */
    private void spreadConfidential(List<MemberRecord> targets, WirePolicy policy) {
        if (!policy.isKeyed()) {
            depths.dropped(confidential.clear().size());
            return;
        }
        for (MemberRecord target : targets) {
            List<Octets> parts = new ArrayList<>();
            addConfidential(parts, roomFor(policy, true));
            if (parts.isEmpty()) {
                break;
            }
            offer(target, parts, Sealing.ALWAYS);
        }
    }

    private int addConfidential(List<Octets> parts, int room) {
        return addSerf(
                parts,
                confidential
                        .take(room, USER_ENTRY_BYTES, links.view.get().poolSize())
                        .messages(),
                Transmitted.QUERY);
    }

    private void offer(MemberRecord target, List<Octets> parts, Sealing sealing) {
        boolean checksum = target.versions().pmax() >= CHECKSUM_VERSION;
        target.address().socket().ifPresent(to -> links.outbox.offer(new Outbound(to, parts, checksum, sealing)));
    }

    private int roomFor(WirePolicy policy, boolean enveloped) {
        int label = policy.label().isEmpty() ? 0 : 2 + policy.label().length();
        return links.swim.get().udpBufferBytes() - COMPOUND_HEADER_BYTES - label - (enveloped ? ENVELOPE_BYTES : 0);
    }

    /**
     * Fills {@code room} with news.
     *
     * @param sealed whether the datagram is to be sealed, so that it may take what is confidential
     * @return whether it now must be
     */
    private Sealing addGossip(List<Octets> parts, int room, boolean sealed) {
        Sealing sealing = Sealing.AS_DEMANDED;
        int poolSize = links.view.get().poolSize();
        var taken = claims.take(room, COMPOUND_ENTRY_BYTES, poolSize);
        parts.addAll(taken.messages());
        links.counters.transmitted.add(Transmitted.CLAIM, taken.messages().size());
        finished(taken.finished(), Transmitted.CLAIM);
        int left = room;
        for (Octets message : taken.messages()) {
            left -= message.length() + COMPOUND_ENTRY_BYTES;
        }
        if (left > USER_ENTRY_BYTES) {
            var takenIntents = intents.take(left, USER_ENTRY_BYTES, poolSize);
            left -= addSerf(parts, takenIntents.messages(), Transmitted.INTENT);
            finished(takenIntents.finished(), Transmitted.INTENT);
        }
        if (sealed && left > USER_ENTRY_BYTES) {
            int used = addConfidential(parts, left);
            left -= used;
            sealing = used > 0 ? Sealing.ALWAYS : sealing;
        }
        if (left > USER_ENTRY_BYTES) {
            left -= addSerf(
                    parts, queries.take(left, USER_ENTRY_BYTES, poolSize).messages(), Transmitted.QUERY);
        }
        if (left > USER_ENTRY_BYTES) {
            addSerf(parts, events.take(left, USER_ENTRY_BYTES, poolSize).messages(), Transmitted.EVENT);
        }
        return sealing;
    }

    /** Adds Serf messages to a datagram; answers the room that they take. */
    private int addSerf(List<Octets> parts, List<Octets> bodies, Transmitted content) {
        int used = 0;
        for (Octets body : bodies) {
            parts.add(Replies.encode(new SwimMessage.User(body)));
            used += body.length() + USER_ENTRY_BYTES;
        }
        links.counters.transmitted.add(content, bodies.size());
        return used;
    }

    private Behavior<Command> publishDepths() {
        depths.set(claims.size(), intents.size(), confidential.size() + queries.size(), events.size());
        return Behaviors.same();
    }

    private static void finished(List<ActorRef<Transmitted>> waiting, Transmitted what) {
        waiting.forEach(waiter -> waiter.tell(what));
    }
}
