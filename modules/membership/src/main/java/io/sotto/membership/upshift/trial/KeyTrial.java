package io.sotto.membership.upshift.trial;

import io.sotto.membership.upshift.trial.KeyFinding.Opens;
import io.sotto.membership.upshift.trial.KeyFinding.Plain;
import io.sotto.membership.upshift.trial.KeyFinding.Seals;
import java.time.Instant;
import java.util.Optional;

/**
 * One trial of one member: which ping is next, and what the answers come to.
 *
 * <pre>
 *   with a key      SEALED, and where that shows that the member seals with it: {@link #ROUNDS} times PLAIN, SEALED
 *   without one     PLAIN
 * </pre>
 *
 * <p>A plain ping that is answered ends it. That plaintext is refused is only said when no plain ping was answered and every
 * sealed one between them was: else a member that has just gone would seem to refuse. Owned by one caller at a time. Source:
 * ours; that members answer so is measured, agent specification, section 4.
 */
public final class KeyTrial {
    /** So many plain pings go unanswered before a member is said to refuse plaintext. */
    public static final int ROUNDS = 3;

    private final Optional<String> keyId;
    private final boolean triesPlain;
    private Opens opens = Opens.UNKNOWN;
    private Seals seals = Seals.UNKNOWN;
    private Plain plain = Plain.UNKNOWN;
    private int unanswered;
    private Optional<TrialPing> next;

    /**
     * A trial that has not begun.
     *
     * @param keyId the key that sealed pings are sealed with, if there is one
     * @param triesPlain whether a member that seals with the key is sent plain pings too
     */
    public KeyTrial(Optional<String> keyId, boolean triesPlain) {
        this.keyId = keyId;
        this.triesPlain = triesPlain;
        this.next = Optional.of(keyId.isPresent() ? TrialPing.SEALED : TrialPing.PLAIN);
    }

    /** What to send now; empty once it is over. */
    public Optional<TrialPing> next() {
        return next;
    }

    /** What came of the ping that was {@link #next}. */
    public void on(TrialAnswer answer) {
        TrialPing sent = next.orElseThrow(() -> new IllegalStateException("it is over"));
        next = switch (sent) {
            case SEALED -> onSealed(answer);
            case PLAIN -> onPlain(answer);
        };
    }

    private Optional<TrialPing> onSealed(TrialAnswer answer) {
        boolean isFirst = unanswered == 0;
        if (!answer.isAck()) {
            if (isFirst) {
                opens = answer.way() == TrialAnswer.Way.REFUSED ? Opens.REFUSED : Opens.UNKNOWN;
            }
            return Optional.empty();
        }
        opens = Opens.PROVEN;
        seals = answer.keyId().isEmpty()
                ? Seals.NOT
                : keyId.filter(answer.keyId()::equals).isPresent() ? Seals.WITH_KEY : Seals.WITH_ANOTHER;
        if (seals != Seals.WITH_KEY) {
            return Optional.empty();
        }
        if (unanswered == ROUNDS) {
            plain = Plain.REFUSED;
            return Optional.empty();
        }
        return triesPlain ? Optional.of(TrialPing.PLAIN) : Optional.empty();
    }

    private Optional<TrialPing> onPlain(TrialAnswer answer) {
        if (answer.isAck()) {
            plain = Plain.TAKEN;
            if (keyId.isEmpty()) {
                seals = answer.keyId().isEmpty() ? Seals.NOT : Seals.WITH_ANOTHER;
            }
            return Optional.empty();
        }
        if (keyId.isEmpty() || answer.way() == TrialAnswer.Way.UNREACHED) {
            return Optional.empty();
        }
        unanswered++;
        return Optional.of(TrialPing.SEALED);
    }

    /** What it has shown so far; {@code at} is now. */
    public KeyFinding finding(Instant at) {
        return new KeyFinding(at, opens, seals, plain);
    }
}
