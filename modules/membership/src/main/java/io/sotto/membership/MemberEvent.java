package io.sotto.membership;

import java.util.Optional;

/**
 * What an application is told of a member. Source: gossip specification, section 17.2.
 *
 * @param member the record after the change
 */
public record MemberEvent(Kind kind, MemberRecord member) {
    /** The five things that happen to members. */
    public enum Kind {
        JOINED,
        UPDATED,
        LEFT,
        FAILED,
        REAPED
    }

    /** What an application is told when it knows the one record and the other is so. */
    public static Optional<MemberEvent> between(Optional<MemberRecord> before, MemberRecord after) {
        SerfStatus known = before.map(MemberRecord::status).orElse(SerfStatus.NONE);
        return switch (after.status()) {
            case ALIVE -> {
                if (known != SerfStatus.ALIVE && known != SerfStatus.LEAVING) {
                    yield Optional.of(new MemberEvent(Kind.JOINED, after));
                }
                boolean isUpdated =
                        before.filter(old -> old.meta().equals(after.meta())).isEmpty();
                yield isUpdated ? Optional.of(new MemberEvent(Kind.UPDATED, after)) : Optional.empty();
            }
            case FAILED ->
                known == SerfStatus.FAILED ? Optional.empty() : Optional.of(new MemberEvent(Kind.FAILED, after));
            case LEFT -> known == SerfStatus.LEFT ? Optional.empty() : Optional.of(new MemberEvent(Kind.LEFT, after));
            case LEAVING -> Optional.empty();
            case NONE -> before.filter(MemberRecord::isListed).map(old -> new MemberEvent(Kind.REAPED, old));
        };
    }
}
