package io.sotto.membership;

import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link MemberMachine} or the {@link SelfMachine} wants done, in this order. Source: ours.
 */
public sealed interface Effect {
    /** One constant per permitted record, for exhaustive switches. */
    enum Kind {
        GOSSIP,
        PASS_ON,
        GOSSIP_INTENT,
        ANNOUNCE_JOIN,
        SCHEDULE,
        PUBLISH,
        FORGET,
        CONFLICT,
        REFUSED,
        REFUTED,
        ANSWER,
        HEALTH,
        ASK,
        PROVE,
        ASK_OWNER
    }

    Kind kind();

    /**
     * Queue the claim for gossip, in place of any queued one of the same name.
     *
     * @param queueName the member's name; for a refutation the text of our own address, so that it displaces nothing
     */
    record Gossip(String queueName, SwimMessage.Claim claim) implements Effect {
        @Override
        public Kind kind() {
            return Kind.GOSSIP;
        }
    }

    /**
     * The intent just handled was news: gossip its original bytes on, if it came by gossip. What a push/pull brought is
     * never passed on.
     */
    record PassOn(SerfMessage.Intent intent) implements Effect {
        @Override
        public Kind kind() {
            return Kind.PASS_ON;
        }
    }

    /** Gossip an intent of our own. */
    record GossipIntent(SerfMessage.Intent intent) implements Effect {
        @Override
        public Kind kind() {
            return Kind.GOSSIP_INTENT;
        }
    }

    /**
     * Somebody says that we leave, and we do not: stamp a fresh join intent ({@link IntentBook#stampJoin}), hand it back
     * to the {@link SelfMachine} and gossip it.
     */
    record AnnounceJoin(String node) implements Effect {
        @Override
        public Kind kind() {
            return Kind.ANNOUNCE_JOIN;
        }
    }

    /** Call {@code onTimer(generation, …)} after this time. A zero duration means at once, as a later message. */
    record Schedule(Duration after, long generation) implements Effect {
        @Override
        public Kind kind() {
            return Kind.SCHEDULE;
        }
    }

    /** The record changed; {@code before} is empty for a member that is new here. */
    record Publish(Optional<MemberRecord> before, MemberRecord after, Optional<MemberEvent> event) implements Effect {
        @Override
        public Kind kind() {
            return Kind.PUBLISH;
        }
    }

    /** Neither layer remembers the name any more: drop the record and the machine. */
    record Forget(String node) implements Effect {
        @Override
        public Kind kind() {
            return Kind.FORGET;
        }
    }

    /** Another address claims a name that is taken; the old record stands. */
    record Conflict(MemberRecord existing, SwimMessage.Alive other) implements Effect {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }

    /** A claim was dropped by a rule of this pool. {@code reason} is for the log. */
    record Refused(SwimMessage.Claim claim, String reason) implements Effect {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }

    /** A claim about ourselves was answered with a higher incarnation. For the log. */
    record Refuted(SwimMessage.Claim accusation, long incarnation) implements Effect {
        @Override
        public Kind kind() {
            return Kind.REFUTED;
        }
    }

    /**
     * Send our own record to whoever made the accusation just handled, and to nobody else; nothing if it came by an exchange
     * of views.
     */
    record Answer(SwimMessage.Alive own) implements Effect {
        @Override
        public Kind kind() {
            return Kind.ANSWER;
        }
    }

    /** Our health score is now this; the probe interval is scaled by it. */
    record Health(int score) implements Effect {
        @Override
        public Kind kind() {
            return Kind.HEALTH;
        }
    }

    /**
     * Ping the member at once, and through helpers; then call {@code onAnswer} or {@code onSilence}. One at a time.
     *
     * @param member as known now
     */
    record Ask(MemberRecord member) implements Effect {
        @Override
        public Kind kind() {
            return Kind.ASK;
        }
    }

    /** Ping whom the claim is about; when it answers, hand the claim back as {@link Teller#WITNESSED}. */
    record Prove(SwimMessage.Alive claim) implements Effect {
        @Override
        public Kind kind() {
            return Kind.PROVE;
        }
    }

    /**
     * An implausible claim was dropped: exchange views with the member itself, and hand what it says of itself back as
     * {@link Teller#OWNER}. Not often.
     */
    record AskOwner(SwimMessage.Claim claim) implements Effect {
        @Override
        public Kind kind() {
            return Kind.ASK_OWNER;
        }
    }
}
