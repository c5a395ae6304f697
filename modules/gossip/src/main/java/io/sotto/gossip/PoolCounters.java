package io.sotto.gossip;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.coordinate.Vivaldi;
import io.sotto.membership.event.Sighting;
import io.sotto.membership.probe.Verdict;
import io.sotto.membership.proof.Subject;
import io.sotto.membership.query.AskedQueries;
import io.sotto.membership.rotation.RotationOutcome;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the actors of one pool count while they carry the protocol out. It outlives them, so that a restart loses no count.
 * Numbers only grow; safe to count and to read from any thread.
 */
final class PoolCounters {
    /** How a probe of a member ended; see {@link Verdict}. */
    enum ProbeEnd {
        DIRECT("direct"),
        INDIRECT("indirect"),
        STREAM_ONLY("stream-only"),
        FAILED("failed"),
        EXCUSED_PAUSED("excused-paused"),
        EXCUSED_DEAF("excused-deaf");

        final String label;

        ProbeEnd(String label) {
            this.label = label;
        }

        static ProbeEnd of(Verdict verdict) {
            if (verdict instanceof Verdict.Direct) {
                return DIRECT;
            }
            if (verdict instanceof Verdict.Indirect) {
                return INDIRECT;
            }
            if (verdict instanceof Verdict.StreamOnly) {
                return STREAM_ONLY;
            }
            if (verdict instanceof Verdict.Excused excused) {
                return switch (excused.excuse()) {
                    case PAUSED -> EXCUSED_PAUSED;
                    case DEAF -> EXCUSED_DEAF;
                };
            }
            return FAILED;
        }
    }

    /** What became of a request to ping for somebody else. */
    enum Relay {
        ANSWERED("answered"),
        UNANSWERED("unanswered"),
        REFUSED("refused");

        final String label;

        Relay(String label) {
            this.label = label;
        }
    }

    /** What became of a user event. */
    enum UserEventEnd {
        SENT("sent"),
        DELIVERED("delivered"),
        DUPLICATE("duplicate"),
        OLD("old"),
        IMPLAUSIBLE("implausible"),
        OVERSIZE("oversize"),
        FULL("full");

        final String label;

        UserEventEnd(String label) {
            this.label = label;
        }

        static UserEventEnd of(Sighting sighting) {
            return switch (sighting) {
                case NEW -> DELIVERED;
                case DUPLICATE -> DUPLICATE;
                case OLD -> OLD;
                case IMPLAUSIBLE -> IMPLAUSIBLE;
                case OVERSIZE -> OVERSIZE;
                case FULL -> FULL;
            };
        }
    }

    /** What became of a query, ours or another's. */
    enum QueryEnd {
        ASKED("asked"),
        HANDLED("handled"),
        /** Its filters name others. */
        NOT_MEANT("not-meant"),
        /** Answers would go to what is no member's address. */
        UNANSWERABLE("unanswerable"),
        /** It, or what answers it, holds keys, and it came in the clear. */
        KEYS_IGNORED("keys-ignored"),
        DUPLICATE("duplicate"),
        OLD("old"),
        IMPLAUSIBLE("implausible"),
        FULL("full");

        final String label;

        QueryEnd(String label) {
            this.label = label;
        }

        static QueryEnd of(Sighting sighting) {
            return switch (sighting) {
                case NEW -> HANDLED;
                case DUPLICATE -> DUPLICATE;
                case OLD -> OLD;
                case IMPLAUSIBLE -> IMPLAUSIBLE;
                case OVERSIZE, FULL -> FULL;
            };
        }
    }

    /** What became of an ack or an answer to a query, ours or another's. */
    enum AnswerEnd {
        SENT("sent"),
        /** Passed on for another member. */
        RELAYED("relayed"),
        /** Not sent: longer than answers may be. */
        OVERSIZE("oversize"),
        /** Not sent: the application took too long, or answered before. */
        LATE("late"),
        /** Not sent: more go to that address, or wait, than may. */
        REFUSED("refused"),
        RECEIVED("received"),
        DUPLICATE("duplicate"),
        UNKNOWN("unknown"),
        SURPLUS("surplus"),
        /** Not counted: only what comes sealed answers such a query. */
        IN_CLEAR("in-clear");

        final String label;

        AnswerEnd(String label) {
            this.label = label;
        }

        static AnswerEnd of(AskedQueries.Answer answer) {
            return switch (answer) {
                case ACK, ANSWER -> RECEIVED;
                case DUPLICATE -> DUPLICATE;
                case UNKNOWN -> UNKNOWN;
                case SURPLUS -> SURPLUS;
            };
        }
    }

    /** What the pool said about a name that another address claims. */
    enum NameOutcome {
        MAJORITY("majority"),
        MINORITY("minority");

        final String label;

        NameOutcome(String label) {
            this.label = label;
        }
    }

    /** Whom we asked to show that it is there, and whether it did. */
    enum ProofEnd {
        NEWCOMER_ANSWERED("newcomer", "answered"),
        NEWCOMER_SILENT("newcomer", "unanswered"),
        NEWCOMER_REFUSED("newcomer", "refused"),
        DOUBTED_ANSWERED("doubted", "answered"),
        DOUBTED_SILENT("doubted", "unanswered"),
        DOUBTED_REFUSED("doubted", "refused"),
        SENDER_ANSWERED("sender", "answered"),
        SENDER_SILENT("sender", "unanswered"),
        SENDER_REFUSED("sender", "refused");

        /** What came of it; refused where there was no room to ask. */
        enum Outcome {
            ANSWERED,
            SILENT,
            REFUSED
        }

        final String subject;
        final String outcome;

        ProofEnd(String subject, String outcome) {
            this.subject = subject;
            this.outcome = outcome;
        }

        static ProofEnd of(Subject subject, Outcome outcome) {
            boolean isNewcomer = subject instanceof Subject.Newcomer;
            boolean isDoubted = subject instanceof Subject.Doubted;
            return switch (outcome) {
                case ANSWERED -> isNewcomer ? NEWCOMER_ANSWERED : isDoubted ? DOUBTED_ANSWERED : SENDER_ANSWERED;
                case SILENT -> isNewcomer ? NEWCOMER_SILENT : isDoubted ? DOUBTED_SILENT : SENDER_SILENT;
                case REFUSED -> isNewcomer ? NEWCOMER_REFUSED : isDoubted ? DOUBTED_REFUSED : SENDER_REFUSED;
            };
        }
    }

    /** What became of those who joined by a sealed stream from elsewhere than they say they are. */
    enum Arrival {
        KEPT("kept"),
        SPOKE("spoke"),
        /** Too many others came after it. */
        DISPLACED("displaced");

        final String label;

        Arrival(String label) {
            this.label = label;
        }
    }

    /** Who asked for a push/pull, and what came of it. */
    enum PushPullEnd {
        ASKED_MERGED("asked", "merged"),
        ASKED_FAILED("asked", "failed"),
        SERVED_MERGED("served", "merged"),
        SERVED_REFUSED("served", "refused");

        final String side;
        final String outcome;

        PushPullEnd(String side, String outcome) {
            this.side = side;
            this.outcome = outcome;
        }
    }

    /** What came of the payload of a direct answer to a probe. */
    enum Located {
        APPLIED("applied"),
        RESET("reset"),
        ABSENT("absent"),
        VERSION("version"),
        MALFORMED("malformed"),
        DIMENSIONS("dimensions"),
        IMPLAUSIBLE("implausible"),
        ROUND_TRIP("round-trip");

        final String label;

        Located(String label) {
            this.label = label;
        }

        static Located of(Vivaldi.Update update) {
            return switch (update) {
                case APPLIED -> APPLIED;
                case RESET -> RESET;
                case DIMENSIONS -> DIMENSIONS;
                case IMPLAUSIBLE -> IMPLAUSIBLE;
                case ROUND_TRIP -> ROUND_TRIP;
            };
        }

        /** Whether the peer's coordinate is one to remember. */
        boolean isUsed() {
            return this == APPLIED || this == RESET;
        }
    }

    /** Whether a member of an earlier life answered. */
    enum Rejoined {
        ANSWERED("answered"),
        UNANSWERED("unanswered");

        final String label;

        Rejoined(String label) {
            this.label = label;
        }
    }

    /** What came of a ping of a trial. */
    enum TrialEnd {
        SEALED_ACKED("sealed", "acked"),
        SEALED_REFUSED("sealed", "refused"),
        SEALED_UNREACHED("sealed", "unreached"),
        PLAIN_ACKED("plain", "acked"),
        PLAIN_REFUSED("plain", "refused"),
        PLAIN_UNREACHED("plain", "unreached");

        final String ping;
        final String outcome;

        TrialEnd(String ping, String outcome) {
            this.ping = ping;
            this.outcome = outcome;
        }
    }

    final Counts<TrialEnd> trials = Counts.of(TrialEnd.class);
    final Counts<ProbeEnd> probes = Counts.of(ProbeEnd.class);
    final Counts<Relay> relays = Counts.of(Relay.class);
    final Counts<ProofEnd> proofs = Counts.of(ProofEnd.class);
    final Counts<Arrival> arrivals = Counts.of(Arrival.class);
    final Counts<PushPullEnd> pushPulls = Counts.of(PushPullEnd.class);
    final Counts<Located> coordinates = Counts.of(Located.class);
    final Counts<Rejoined> rejoins = Counts.of(Rejoined.class);
    final Counts<MemberEvent.Kind> events = Counts.of(MemberEvent.Kind.class);
    /** Members that came to be suspected, by us or by others. */
    final LongAdder suspicions = new LongAdder();
    /** Acks that came when their probe was over. */
    final LongAdder lateAcks = new LongAdder();
    /** Times that the process was found to have stood still. */
    final LongAdder pauses = new LongAdder();
    /** Claims about this node that it answered with a higher incarnation. */
    final LongAdder refutations = new LongAdder();
    /** Claims that give another address to a name that is taken. */
    final LongAdder conflicts = new LongAdder();
    /** Questions to the pool about this node's name. */
    final Counts<NameOutcome> nameQuestions = Counts.of(NameOutcome.class);

    final Counts<UserEventEnd> userEvents = Counts.of(UserEventEnd.class);
    final Counts<QueryEnd> queries = Counts.of(QueryEnd.class);
    final Counts<AnswerEnd> answers = Counts.of(AnswerEnd.class);
    /** News taken into the queues. */
    final Counts<Broadcasts.Transmitted> queued = Counts.of(Broadcasts.Transmitted.class);
    /** News put into datagrams, each once for every datagram. */
    final Counts<Broadcasts.Transmitted> transmitted = Counts.of(Broadcasts.Transmitted.class);

    /** Rotations that this node drove, by how they ended. */
    final Counts<RotationOutcome> rotations = Counts.of(RotationOutcome.class);

    final SealCounter seals;

    private final Supervision supervision = new Supervision();

    /** Counts seals without end. */
    PoolCounters() {
        this(new SealCounter());
    }

    PoolCounters(SealCounter seals) {
        this.seals = seals;
    }

    Supervision supervision() {
        return supervision;
    }
}
