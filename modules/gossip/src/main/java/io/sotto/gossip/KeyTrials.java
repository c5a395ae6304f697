package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.upshift.trial.KeyFinding;
import io.sotto.membership.upshift.trial.KeyTrial;
import io.sotto.membership.upshift.trial.TrialAnswer;
import io.sotto.membership.upshift.trial.TrialPing;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Finds out what members that give no reports can open, seal and take in, by a {@link KeyTrial} of each. It changes nothing: what
 * it sends is no probe, and what it learns is no claim.
 *
 * <p>Bounded: {@link #AT_ONCE} members are tried at a time, none again within {@link #FRESH}, and none that is known to refuse
 * plaintext is sent any within {@link #PLAIN_AGAIN}, since agents write a line of their log for each. Supervised by restart:
 * whoever waits is told what is known by then.
 */
final class KeyTrials {
    sealed interface Command {}

    /** Try these members, with a key or else with the primary of the ring. Always answered. */
    record Try(Optional<GossipKey> key, Set<String> members, ActorRef<KeyFindings> replyTo) implements Command {
        Try {
            members = Set.copyOf(members);
        }
    }

    private record Answered(Running tried, TrialPing ping, TrialAnswer answer) implements Command {}

    /** What it needs of its pool. */
    record Links(Supplier<MembersView> view, TrialSender sender, PoolTime time, PoolCounters counters) {}

    /** Members that are tried at a time. */
    static final int AT_ONCE = 8;

    /** For so long what a trial has shown is the answer to whoever asks. */
    static final Duration FRESH = Duration.ofSeconds(10);

    /** For so long a member that refuses plaintext is sent none, while it goes on sealing. */
    static final Duration PLAIN_AGAIN = Duration.ofMinutes(1);

    /** Who may wait at a time; whoever comes then is told what is known. */
    static final int ASKERS_MAX = 64;

    /** What a trial is about: a member where it is now, and a key by its id. */
    private record Subject(String member, InetSocketAddress at, Optional<String> keyId) {}

    /**
     * What the last trial has shown.
     *
     * @param refusedPlain when plaintext was last found to be refused; empty if that is not so any more
     */
    private record Kept(KeyFinding finding, Optional<Instant> refusedPlain) {
        boolean isFresh(Instant now) {
            return finding.at().plus(FRESH).isAfter(now);
        }
    }

    /** Equal to itself only, by its trial. */
    private record Running(Subject subject, Optional<GossipKey> key, KeyTrial trial) {}

    private static final class Asker {
        final ActorRef<KeyFindings> replyTo;
        final Set<Subject> subjects;
        final Set<Subject> missing;

        Asker(ActorRef<KeyFindings> replyTo, Set<Subject> subjects, Set<Subject> missing) {
            this.replyTo = replyTo;
            this.subjects = subjects;
            this.missing = missing;
        }
    }

    private final ActorContext<Command> context;
    private final Links links;
    private final Map<Subject, Kept> kept = new HashMap<>();
    private final Map<Subject, Running> running = new HashMap<>();
    private final Deque<Running> waiting = new ArrayDeque<>();
    private final List<Asker> askers = new ArrayList<>();

    private KeyTrials(ActorContext<Command> context, Links links) {
        this.context = context;
        context.setLoggerName(KeyTrials.class);
        this.links = links;
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> new KeyTrials(context, links).trying());
    }

    private Behavior<Command> trying() {
        return Behaviors.receive(Command.class)
                .onMessage(Try.class, this::onTry)
                .onMessage(Answered.class, this::onAnswered)
                .onSignal(PreRestart.class, restart -> tellAll())
                .onSignal(PostStop.class, stop -> tellAll())
                .build();
    }

    private Behavior<Command> onTry(Try asked) {
        Instant now = links.time.wall();
        kept.values().removeIf(old -> old.finding.at().plus(PLAIN_AGAIN).isBefore(now));
        Optional<String> keyId = links.sender.keyId(asked.key);
        Set<Subject> subjects = new HashSet<>();
        asked.members.forEach(member -> address(member).ifPresent(at -> subjects.add(new Subject(member, at, keyId))));
        Set<Subject> missing = new HashSet<>(subjects);
        missing.removeIf(subject -> isFresh(subject, now));
        Asker asker = new Asker(asked.replyTo, subjects, missing);
        if (missing.isEmpty() || askers.size() >= ASKERS_MAX) {
            tell(asker);
            return Behaviors.same();
        }
        askers.add(asker);
        for (Subject subject : missing) {
            if (!running.containsKey(subject)) {
                Running begun = new Running(subject, asked.key, new KeyTrial(keyId, triesPlain(subject, now)));
                running.put(subject, begun);
                waiting.add(begun);
            }
        }
        begin();
        return Behaviors.same();
    }

    private Optional<InetSocketAddress> address(String member) {
        MembersView view = links.view.get();
        return member.equals(view.self().name())
                ? Optional.empty()
                : view.find(member)
                        .filter(MemberRecord::isListed)
                        .flatMap(record -> record.address().socket());
    }

    private boolean isFresh(Subject subject, Instant now) {
        Kept known = kept.get(subject);
        return known != null && known.isFresh(now);
    }

    private boolean triesPlain(Subject subject, Instant now) {
        Kept known = kept.get(subject);
        return known == null
                || known.refusedPlain
                        .filter(at -> at.plus(PLAIN_AGAIN).isAfter(now))
                        .isEmpty();
    }

    private void begin() {
        while (running.size() - waiting.size() < AT_ONCE && !waiting.isEmpty()) {
            send(waiting.remove());
        }
    }

    private void send(Running tried) {
        TrialPing ping = tried.trial.next().orElseThrow();
        context.pipeToSelf(
                links.sender.send(ping, tried.key, tried.subject.member, tried.subject.at),
                (answer, failure) -> new Answered(tried, ping, failure == null ? answer : TrialAnswer.unreached()));
    }

    private Behavior<Command> onAnswered(Answered answered) {
        links.counters.trials.increment(TrialSender.end(answered.ping, answered.answer));
        Running tried = answered.tried;
        if (!tried.equals(running.get(tried.subject))) {
            // Of the time before a restart.
            return Behaviors.same();
        }
        tried.trial.on(answered.answer);
        if (tried.trial.next().isPresent()) {
            send(tried);
            return Behaviors.same();
        }
        running.remove(tried.subject);
        keep(tried);
        askers.removeIf(asker -> {
            asker.missing.remove(tried.subject);
            if (asker.missing.isEmpty()) {
                tell(asker);
            }
            return asker.missing.isEmpty();
        });
        begin();
        return Behaviors.same();
    }

    private void keep(Running tried) {
        Instant now = links.time.wall();
        KeyFinding found = tried.trial.finding(now);
        Kept before = kept.get(tried.subject);
        Optional<Instant> refusedPlain = Optional.empty();
        if (found.plain() == KeyFinding.Plain.REFUSED) {
            refusedPlain = Optional.of(now);
        } else if (before != null
                && found.seals() == KeyFinding.Seals.WITH_KEY
                && found.plain() == KeyFinding.Plain.UNKNOWN
                && before.refusedPlain
                        .filter(at -> at.plus(PLAIN_AGAIN).isAfter(now))
                        .isPresent()) {
            refusedPlain = before.refusedPlain;
            found = new KeyFinding(found.at(), found.opens(), found.seals(), KeyFinding.Plain.REFUSED);
        }
        kept.put(tried.subject, new Kept(found, refusedPlain));
    }

    private void tell(Asker asker) {
        SortedMap<String, KeyFinding> findings = new TreeMap<>();
        for (Subject subject : asker.subjects) {
            Kept known = kept.get(subject);
            if (known != null) {
                findings.put(subject.member, known.finding);
            }
        }
        asker.replyTo.tell(new KeyFindings(findings));
    }

    private Behavior<Command> tellAll() {
        askers.forEach(this::tell);
        askers.clear();
        return Behaviors.same();
    }
}
