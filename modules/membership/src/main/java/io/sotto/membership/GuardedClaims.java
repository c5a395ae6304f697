package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Our rule: one message, whoever sealed it, neither makes a member nor takes one away.
 *
 * <p>Incarnations move in small steps, one for each refutation or new tag; a claim that is further ahead, or an alive further
 * behind, than {@code jumpMax} is only the owner's to make. A death is a suspicion until a ping of ours went unanswered. A
 * farewell needs an intent to leave that was known for a protocol period, in which a member that stays has taken it back. Who
 * is new here, or comes back, answers a ping first. Source: security rules, "Rules for the packet path"; ours.
 */
record GuardedClaims(long jumpMax, Supplier<Duration> probeInterval) implements ClaimPolicy {
    @Override
    public Ruling weigh(SwimMessage.Claim claim, Optional<MemberRecord> known, Grounds grounds) {
        if (grounds.teller() == Teller.OURSELVES) {
            return Ruling.COUNTS;
        }
        Optional<MemberRecord> pooled = known.filter(MemberRecord::pooled);
        return switch (claim.kind()) {
            case ALIVE -> alive((SwimMessage.Alive) claim, pooled, grounds.teller());
            case SUSPECT -> isAhead(claim, pooled) ? Ruling.IMPLAUSIBLE : Ruling.COUNTS;
            case DEAD -> dead((SwimMessage.Dead) claim, pooled, grounds);
            case PING, INDIRECT_PING, ACK, NACK, USER, ERR ->
                throw new IllegalArgumentException(claim.kind() + " is no claim");
        };
    }

    private Ruling alive(SwimMessage.Alive alive, Optional<MemberRecord> pooled, Teller teller) {
        boolean jumps = isAhead(alive, pooled)
                || pooled.filter(record -> record.incarnation() - alive.incarnation() > jumpMax)
                        .isPresent();
        if (teller == Teller.OWNER) {
            return jumps && pooled.isPresent() ? Ruling.REPLACES : Ruling.COUNTS;
        }
        if (jumps) {
            return Ruling.IMPLAUSIBLE;
        }
        boolean isNew = pooled.isEmpty()
                || (pooled.get().state().isGone()
                        && (alive.incarnation() > pooled.get().incarnation()
                                || !alive.address().equals(pooled.get().address())));
        return isNew && teller != Teller.WITNESSED ? Ruling.UNPROVEN : Ruling.COUNTS;
    }

    private Ruling dead(SwimMessage.Dead dead, Optional<MemberRecord> pooled, Grounds grounds) {
        if (isAhead(dead, pooled)) {
            return Ruling.IMPLAUSIBLE;
        }
        if (grounds.probeFailed()) {
            return Ruling.COUNTS;
        }
        if (dead.isLeave() && grounds.leaving().isPresent()) {
            return grounds.leaving().get().compareTo(probeInterval.get()) < 0 ? Ruling.WAITS : Ruling.COUNTS;
        }
        return grounds.answered()
                        .filter(ago -> ago.compareTo(probeInterval.get()) < 0)
                        .isPresent()
                ? Ruling.CONTRADICTED
                : Ruling.SUSPECTED;
    }

    /** Who was never heard of began at zero. */
    private boolean isAhead(SwimMessage.Claim claim, Optional<MemberRecord> pooled) {
        return claim.incarnation() - pooled.map(MemberRecord::incarnation).orElse(0L) > jumpMax;
    }

    @Override
    public boolean follows(long told, long own) {
        return told - own <= jumpMax;
    }

    @Override
    public ClaimPolicy under(Supplier<Duration> inForce) {
        return new GuardedClaims(jumpMax, inForce);
    }

    @Override
    public boolean isGuarded() {
        return true;
    }
}
