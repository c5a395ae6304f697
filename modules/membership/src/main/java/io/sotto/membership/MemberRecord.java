package io.sotto.membership;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;

/**
 * All that is known of one member, ourselves included: memberlist's view and Serf's view side by side.
 *
 * <p>The two layers forget at different times. A node that has been gone for {@code GossipToTheDeadTime} leaves the pool
 * ({@link #pooled} turns false: it no longer counts, is not probed and not exchanged) while Serf may list it for days. A
 * pruned member is listed no more ({@link SerfStatus#NONE}) while the pool may still remember it. Source: gossip
 * specification, sections 10, 10.7 and 17.2.
 *
 * @param name unique within the pool
 * @param address bytes exactly as received
 * @param meta encoded tags exactly as received
 * @param vsn six version bytes, all zero when the member never said
 * @param incarnation unsigned 32-bit number, as a long
 * @param state memberlist's view
 * @param changedAt when {@code state} changed last; the epoch for a node that was never alive here
 * @param status Serf's view
 * @param statusLTime unsigned Lamport time of the last intent that counted
 * @param pooled whether memberlist still has it in its node list
 */
public record MemberRecord(
        String name,
        NodeAddress address,
        Octets meta,
        Octets vsn,
        long incarnation,
        NodeState state,
        Instant changedAt,
        SerfStatus status,
        long statusLTime,
        boolean pooled) {

    public MemberRecord {
        if (incarnation < 0 || incarnation > 0xffff_ffffL) {
            throw new IllegalArgumentException("incarnation " + incarnation + " is not an unsigned 32-bit number");
        }
    }

    /** The advertised versions; all zero when unknown. */
    public ProtocolVersions versions() {
        return ProtocolVersions.parse(vsn).orElse(ProtocolVersions.UNKNOWN);
    }

    /** Whether {@code members} shows it. */
    public boolean isListed() {
        return status != SerfStatus.NONE;
    }

    /** Whether memberlist takes it for alive and still has it in its list. */
    public boolean isAlive() {
        return pooled && state == NodeState.ALIVE;
    }

    /**
     * Whether {@code claim}, which is about this member, says nothing that is not known already: its machine would do
     * nothing. Source: gossip specification, sections 10.1 to 10.3: an alive whose incarnation is not above the known one,
     * a suspect or dead with one below it, either of them about a member that is gone.
     */
    public boolean holds(SwimMessage.Claim claim) {
        if (!pooled) {
            return false;
        }
        return switch (claim.kind()) {
            case ALIVE ->
                claim.incarnation() <= incarnation
                        && ((SwimMessage.Alive) claim).address().equals(address);
            case SUSPECT, DEAD -> claim.incarnation() < incarnation || state.isGone();
            case PING, INDIRECT_PING, ACK, NACK, USER, ERR ->
                throw new IllegalArgumentException(claim.kind() + " is no claim");
        };
    }

    /**
     * Whether {@code intent}, which is about this member, says nothing that is not known already: its machine would do
     * nothing. Its time must be witnessed all the same. Source: gossip specification, section 17.2.
     */
    public boolean holds(SerfMessage.Intent intent) {
        return isListed() && Long.compareUnsigned(intent.ltime(), statusLTime) <= 0;
    }

    MemberRecord withState(NodeState newState, Instant now) {
        return new MemberRecord(name, address, meta, vsn, incarnation, newState, now, status, statusLTime, pooled);
    }

    MemberRecord withIncarnation(long newIncarnation) {
        return new MemberRecord(
                name, address, meta, vsn, newIncarnation, state, changedAt, status, statusLTime, pooled);
    }

    MemberRecord withMeta(Octets newMeta) {
        return new MemberRecord(
                name, address, newMeta, vsn, incarnation, state, changedAt, status, statusLTime, pooled);
    }

    MemberRecord withVsn(Octets newVsn) {
        return new MemberRecord(
                name, address, meta, newVsn, incarnation, state, changedAt, status, statusLTime, pooled);
    }

    MemberRecord withAddress(NodeAddress newAddress) {
        return new MemberRecord(
                name, newAddress, meta, vsn, incarnation, state, changedAt, status, statusLTime, pooled);
    }

    MemberRecord withStatus(SerfStatus newStatus) {
        return new MemberRecord(
                name, address, meta, vsn, incarnation, state, changedAt, newStatus, statusLTime, pooled);
    }

    MemberRecord withStatusLTime(long newStatusLTime) {
        return new MemberRecord(
                name, address, meta, vsn, incarnation, state, changedAt, status, newStatusLTime, pooled);
    }

    MemberRecord outOfPool() {
        return new MemberRecord(name, address, meta, vsn, incarnation, state, changedAt, status, statusLTime, false);
    }
}
