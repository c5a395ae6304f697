package io.sotto.membership.proof;

import io.sotto.membership.GuardSettings;
import io.sotto.membership.SwimSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The pings that ask somebody to show that it is there, under way or waiting for their turn.
 *
 * <p>Each subject has a number of its own, drawn by chance, so that an answer recorded earlier answers nothing. It is pinged
 * at once, again after a probe timeout, when helpers ping it too, and again after a period; who is a member already is pinged
 * twice as often in the first. Newcomers and senders are bounded in number and in how many are begun with in a second;
 * those that find no room are not remembered, and are heard of again. Members that others doubt always have room: there are
 * never more than members. Where the process stood still, all begin anew. One owner. Source: security rules, "Rules for the
 * packet path"; ours.
 */
public final class Proofs {
    /** What came of {@link #ask}: where there is no room the subject is not remembered, and is heard of again. */
    public record Asked(boolean hasRoom, List<ProofStep> steps) {}

    /** A processor that is always late must come to an end with it. */
    private static final int REPRIEVES_MAX = 5;

    /** For the way there and back by a helper, however short a period is. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(100);

    private record Key(Class<? extends Subject> kind, String node, InetSocketAddress at) {
        static Key of(Subject subject) {
            return new Key(subject.getClass(), subject.node(), subject.at());
        }
    }

    private static final class Case {
        private final Key key;
        private Subject subject;
        private final long seqNo;
        private int round;
        private int reprieves;
        private Instant due = Instant.MAX;

        Case(Key key, Subject subject, long seqNo) {
            this.key = key;
            this.subject = subject;
            this.seqNo = seqNo;
        }
    }

    private final GuardSettings settings;
    private final Supplier<SwimSettings> timing;
    private final Pace newcomerPace;
    private final Pace senderPace;
    private final Map<Key, Case> cases = new LinkedHashMap<>();
    private final Map<Long, Case> byNumber = new HashMap<>();
    private final Map<InetSocketAddress, Integer> newcomersAt = new HashMap<>();
    private final Deque<Case> waiting = new ArrayDeque<>();
    private final Map<Class<? extends Subject>, Integer> counts = new HashMap<>();

    /** @param timing gives the one in force; must not block */
    public Proofs(GuardSettings settings, Supplier<SwimSettings> timing, Instant now) {
        this.settings = settings;
        this.timing = timing;
        this.newcomerPace = new Pace(settings.candidateRate(), settings.candidateBurst(), now);
        this.senderPace = new Pace(settings.candidateRate(), settings.candidateBurst(), now);
    }

    /**
     * Asks for a proof, unless it is asked for already.
     *
     * @param numbers unsigned 32-bit numbers by chance
     */
    public Asked ask(Subject subject, LongSupplier numbers, Instant now) {
        Key key = Key.of(subject);
        Case known = cases.get(key);
        if (known != null) {
            known.subject = newer(known.subject, subject);
            return new Asked(true, List.of());
        }
        boolean isNewcomer = subject instanceof Subject.Newcomer;
        boolean begins = !(isNewcomer && !waiting.isEmpty()) && hasRoom(subject) && mayBegin(subject, now);
        if (!begins && !(isNewcomer && hasRoom(subject))) {
            return new Asked(false, List.of());
        }
        List<ProofStep> steps = new ArrayList<>();
        Case opened = new Case(key, subject, number(numbers));
        cases.put(key, opened);
        byNumber.put(opened.seqNo, opened);
        count(subject, 1);
        if (begins) {
            round(opened, now, steps);
        } else {
            waiting.add(opened);
        }
        return new Asked(true, List.copyOf(steps));
    }

    /** Whether somebody was pinged with this number and has not answered. */
    public boolean expects(long seqNo) {
        return byNumber.containsKey(seqNo);
    }

    /** An ack with this number came, from whomever. */
    public List<ProofStep> onAck(long seqNo) {
        Case answered = byNumber.get(seqNo);
        if (answered == null || answered.round == 0) {
            return List.of();
        }
        close(answered);
        return List.of(new ProofStep.Answered(answered.subject));
    }

    /** Time has passed: call it often, as long as there is anybody to ask. */
    public List<ProofStep> onTick(Instant now) {
        List<ProofStep> steps = new ArrayList<>();
        List<Case> due = new ArrayList<>();
        for (Case open : cases.values()) {
            if (!open.due.isAfter(now)) {
                due.add(open);
            }
        }
        for (Case open : due) {
            if (timing.get().caution().isLate(Duration.between(open.due, now)) && open.reprieves < REPRIEVES_MAX) {
                // It may have answered while we stood still.
                open.reprieves++;
                open.round = 0;
            }
            round(open, now, steps);
        }
        while (!waiting.isEmpty() && newcomerPace.admits(now)) {
            round(waiting.remove(), now, steps);
        }
        return List.copyOf(steps);
    }

    /** How many subjects are asked now, or wait for it. */
    public int size() {
        return cases.size();
    }

    private boolean hasRoom(Subject subject) {
        if (subject instanceof Subject.Newcomer newcomer) {
            return counts.getOrDefault(Subject.Newcomer.class, 0) < settings.candidatesMax()
                    && newcomersAt.getOrDefault(newcomer.at(), 0) < settings.candidatesPerAddress();
        }
        return subject instanceof Subject.Doubted
                || counts.getOrDefault(Subject.Sender.class, 0) < settings.sourcesMax();
    }

    private boolean mayBegin(Subject subject, Instant now) {
        return subject instanceof Subject.Doubted
                || (subject instanceof Subject.Newcomer ? newcomerPace : senderPace).admits(now);
    }

    /** The next ping of a subject, or the end of its time. */
    private void round(Case open, Instant now, List<ProofStep> steps) {
        SwimSettings swim = timing.get();
        Duration half = swim.probeTimeout().dividedBy(2);
        boolean isMember = open.subject instanceof Subject.Doubted;
        open.round++;
        switch (open.round) {
            case 1 -> next(open, isMember ? half : swim.probeTimeout(), now, steps);
            case 2 -> {
                if (isMember) {
                    next(open, half, now, steps);
                } else {
                    askOthers(open, swim.probeInterval().minus(swim.probeTimeout()), now, steps);
                }
            }
            case 3 -> {
                if (isMember) {
                    askOthers(open, swim.probeInterval().minus(swim.probeTimeout()), now, steps);
                } else if (open.subject instanceof Subject.Newcomer) {
                    next(open, swim.probeTimeout(), now, steps);
                } else {
                    silent(open, steps);
                }
            }
            default -> silent(open, steps);
        }
    }

    private void next(Case open, Duration wait, Instant now, List<ProofStep> steps) {
        open.due = now.plus(wait);
        steps.add(new ProofStep.Ping(open.subject, open.seqNo));
    }

    private void askOthers(Case open, Duration wait, Instant now, List<ProofStep> steps) {
        next(open, wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait, now, steps);
        if (!open.subject.node().isEmpty()) {
            steps.add(new ProofStep.AskOthers(open.subject, open.seqNo));
        }
    }

    private void silent(Case open, List<ProofStep> steps) {
        close(open);
        steps.add(new ProofStep.Silent(open.subject, open.seqNo));
    }

    private void close(Case open) {
        cases.remove(open.key);
        byNumber.remove(open.seqNo);
        count(open.subject, -1);
    }

    private void count(Subject subject, int one) {
        counts.merge(subject.getClass(), one, Integer::sum);
        if (subject instanceof Subject.Newcomer) {
            int there = newcomersAt.getOrDefault(subject.at(), 0) + one;
            if (there == 0) {
                newcomersAt.remove(subject.at());
            } else {
                newcomersAt.put(subject.at(), there);
            }
        }
    }

    private long number(LongSupplier numbers) {
        long number;
        do {
            number = numbers.getAsLong() & 0xffff_ffffL;
        } while (number == 0 || byNumber.containsKey(number));
        return number;
    }

    /** Of two claims about a newcomer the later one; it is taken over when the newcomer answers. */
    private static Subject newer(Subject known, Subject said) {
        return known instanceof Subject.Newcomer before
                        && said instanceof Subject.Newcomer after
                        && after.alive().incarnation() <= before.alive().incarnation()
                ? known
                : said;
    }
}
