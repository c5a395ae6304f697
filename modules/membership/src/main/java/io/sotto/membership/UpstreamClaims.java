package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The real systems' rule: whoever can speak is believed. Source: gossip specification, section 10. */
enum UpstreamClaims implements ClaimPolicy {
    INSTANCE;

    @Override
    public Ruling weigh(SwimMessage.Claim claim, Optional<MemberRecord> known, Grounds grounds) {
        return Ruling.COUNTS;
    }

    @Override
    public boolean follows(long told, long own) {
        return true;
    }

    @Override
    public ClaimPolicy under(Supplier<Duration> probeInterval) {
        return this;
    }

    @Override
    public boolean isGuarded() {
        return false;
    }
}
