package io.sotto.gossip;

import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.query.KeyPage;
import io.sotto.membership.query.QueryFilter;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Reads the rings of the whole pool: {@code reading (page by page) -> waiting for the others -> stopped}. Sotto members tell
 * theirs in pages, so that it is whole however many keys it has; of all others it is what Serf's listing has room for.
 *
 * <p>Who is silent when the first question's time is over is asked for its first page once more, as {@link KeyInquiry} does. A
 * member whose ring changes between two pages is read again from its first. What is missing after {@value #ROUNDS_MAX} rounds is
 * said to be. Supervised by stop, as {@link KeyInquiry} is. Source: ours.
 */
final class KeyStatus {
    sealed interface Command {}

    private record Progressed(int round, QueryProgress progress) implements Command {}

    private record OthersToo(KeyReport report) implements Command {}

    private enum Look implements Command {
        INSTANCE
    }

    /** A ring of 64 keys takes three; the rest is for rings that change meanwhile. */
    static final int ROUNDS_MAX = 16;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final KeyInquiry.Links links;
    private final int relayFactor;
    private final ActorRef<KeyReport> replyTo;
    private final String self;
    private final Awaited ours;
    private final SortedMap<String, Ring> rings = new TreeMap<>();
    private final Set<String> heardThisRound = new HashSet<>();
    private Optional<KeyReport> others = Optional.empty();
    private boolean isAnswered;

    /** What is known of one member's ring. */
    private record Ring(List<GossipKey> keys, int of, Octets ring) {
        Ring {
            keys = List.copyOf(keys);
        }

        boolean isWhole() {
            return keys.size() == of;
        }

        Ring with(KeyMessages.Page page) {
            if (!page.ring().equals(ring)) {
                return page.from() == 0 ? begun(page) : new Ring(List.of(), page.of(), page.ring());
            }
            if (page.from() != keys.size()) {
                return this;
            }
            List<GossipKey> more = new ArrayList<>(keys);
            more.addAll(page.keys());
            return new Ring(more, of, ring);
        }

        static Ring begun(KeyMessages.Page page) {
            return new Ring(page.from() == 0 ? page.keys() : List.of(), page.of(), page.ring());
        }

        MemberKeys told() {
            return new MemberKeys(
                    true,
                    isWhole() ? "" : "its ring changed while it was read: these are " + keys.size() + " of " + of,
                    keys,
                    keys.stream().findFirst());
        }
    }

    private KeyStatus(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            KeyInquiry.Links links,
            int relayFactor,
            ActorRef<KeyReport> replyTo) {
        this.context = context;
        context.setLoggerName(KeyStatus.class);
        this.timers = timers;
        this.links = links;
        this.relayFactor = relayFactor;
        this.replyTo = replyTo;
        this.self = links.view().get().self().name();
        this.ours = Awaited.of(links.view(), record -> isOther(record) && SottoQuery.isAnsweredBy(record));
        Keyring ring = links.policy().get().ring();
        rings.put(self, new Ring(ring.keys(), ring.keys().size(), Octets.empty()));
    }

    private boolean isOther(MemberRecord record) {
        return !record.name().equals(self);
    }

    static Behavior<Command> create(KeyInquiry.Links links, int relayFactor, ActorRef<KeyReport> replyTo) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new KeyStatus(context, timers, links, relayFactor, replyTo).begin()));
    }

    private Behavior<Command> begin() {
        Optional<String> objection =
                KeyInquiry.objection(KeyOperation.LIST, links.policy().get());
        if (objection.isPresent()) {
            return refuse(objection.get());
        }
        if (Awaited.of(links.view(), record -> isOther(record) && !SottoQuery.isAnsweredBy(record))
                .isEmpty()) {
            others = Optional.of(
                    new KeyReport(KeyOperation.LIST, 0, new TreeMap<>(), new TreeSet<>(), Optional.empty()));
        } else {
            context.spawn(
                    KeyInquiry.create(
                            links,
                            new KeyInquiry.Task(
                                    KeyOperation.LIST,
                                    Optional.empty(),
                                    KeyInquiry.Audience.OTHER_SOFTWARE,
                                    relayFactor),
                            context.messageAdapter(KeyReport.class, OthersToo::new)),
                    "others");
        }
        timers.startTimerAtFixedRate(Look.INSTANCE, links.lookInterval());
        return ours.isEmpty() ? next(ROUNDS_MAX) : ask(1, 0, Optional.empty());
    }

    /** @param just whom alone, if not all */
    private Behavior<Command> ask(int round, int from, Optional<QueryFilter.Nodes> just) {
        heardThisRound.clear();
        List<QueryFilter> whom = new ArrayList<>(SottoQuery.filters());
        just.ifPresent(whom::add);
        links.events()
                .tell(new Events.AskOwn(
                        new QueryRequest(
                                SottoQuery.KEYS.queryName(),
                                KeyPage.question(from),
                                whom,
                                false,
                                relayFactor,
                                Optional.empty()),
                        ofRound(round)));
        return reading(round, just);
    }

    /** A message adapter would take the end of one round's query for that of the next. */
    private ActorRef<QueryProgress> ofRound(int round) {
        ActorRef<Command> reader = context.getSelf();
        return context.spawnAnonymous(Behaviors.receiveMessage(progress -> {
            reader.tell(new Progressed(round, progress));
            return Behaviors.same();
        }));
    }

    private Behavior<Command> reading(int round, Optional<QueryFilter.Nodes> just) {
        return Behaviors.receive(Command.class)
                .onMessage(Progressed.class, progressed -> onProgress(round, just, progressed))
                .onMessage(OthersToo.class, too -> {
                    others = Optional.of(too.report);
                    return Behaviors.same();
                })
                .onMessage(Look.class, look -> nextIfComplete(round, just))
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    private Behavior<Command> onProgress(int round, Optional<QueryFilter.Nodes> just, Progressed progressed) {
        QueryProgress progress = progressed.progress;
        if (progressed.round != round) {
            return Behaviors.same();
        }
        if (progress instanceof QueryProgress.Refused refused) {
            return just.isPresent() ? next(round) : refuse(refused.reason());
        }
        if (progress instanceof QueryProgress.Answered answered) {
            KeyMessages.page(answered.payload())
                    .filter(page -> !answered.from().equals(self) && ours.mayAnswer(answered.from()))
                    .ifPresent(page -> took(answered.from(), page));
            return nextIfComplete(round, just);
        }
        return progress instanceof QueryProgress.Finished ? onTimeOver(round) : Behaviors.same();
    }

    private Behavior<Command> onTimeOver(int round) {
        Optional<QueryFilter.Nodes> silent = round == 1 ? ours.again(rings.keySet()) : Optional.empty();
        return silent.isPresent() ? ask(round + 1, 0, silent) : next(round);
    }

    private void took(String member, KeyMessages.Page page) {
        heardThisRound.add(member);
        Ring known = rings.get(member);
        rings.put(member, known == null ? Ring.begun(page) : known.with(page));
    }

    private Behavior<Command> nextIfComplete(int round, Optional<QueryFilter.Nodes> just) {
        Set<String> doneWith = new HashSet<>(just.isPresent() ? rings.keySet() : heardThisRound);
        if (round > 1 && just.isEmpty()) {
            // Only who has more to tell is waited for.
            rings.forEach((name, ring) -> {
                if (ring.isWhole()) {
                    doneWith.add(name);
                }
            });
            doneWith.addAll(ours.missingFrom(rings.keySet()));
        }
        return ours.isCompleteWith(doneWith) ? next(round) : Behaviors.same();
    }

    private Behavior<Command> next(int round) {
        OptionalInt from = rings.values().stream()
                .filter(ring -> !ring.isWhole())
                .mapToInt(ring -> ring.keys.size())
                .min();
        if (from.isPresent() && round < ROUNDS_MAX) {
            return ask(round + 1, from.getAsInt(), Optional.empty());
        }
        return others.isPresent() ? report(others.get()) : waiting();
    }

    private Behavior<Command> waiting() {
        return Behaviors.receive(Command.class)
                .onMessage(OthersToo.class, too -> report(too.report))
                .onMessage(Progressed.class, late -> Behaviors.same())
                .onMessage(Look.class, late -> Behaviors.same())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    /** By a fault, or with the pool: nobody is left waiting. */
    private Behavior<Command> onStopped() {
        return isAnswered ? Behaviors.same() : refuse(KeyInquiry.BROKEN_OFF);
    }

    private Behavior<Command> refuse(String reason) {
        isAnswered = true;
        replyTo.tell(KeyReport.refused(KeyOperation.LIST, reason));
        return Behaviors.stopped();
    }

    private Behavior<Command> report(KeyReport theirs) {
        SortedMap<String, MemberKeys> answers = new TreeMap<>(theirs.answers());
        for (Map.Entry<String, Ring> ring : rings.entrySet()) {
            answers.put(ring.getKey(), ring.getValue().told());
        }
        SortedSet<String> silent = ours.missingFrom(answers.keySet());
        silent.addAll(theirs.silent());
        isAnswered = true;
        replyTo.tell(
                new KeyReport(KeyOperation.LIST, answers.size() + silent.size(), answers, silent, Optional.empty()));
        return Behaviors.stopped();
    }
}
