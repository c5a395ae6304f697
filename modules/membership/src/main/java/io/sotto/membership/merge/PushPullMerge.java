package io.sotto.membership.merge;

import io.sotto.membership.IntentBook;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of an exchange of whole views. Stateless.
 *
 * <p>After an exchange: {@link #versionObjection}, on a join the pool's admission rule over all nodes, then
 * {@link #claims} in order, then {@link #witness} and {@link #intents} in order, then user events and queries. An
 * objection drops the whole exchange.
 * Source: gossip specification, sections 9, 10.5, 14 and 17.4.
 */
public final class PushPullMerge {
    private PushPullMerge() {}

    /** Why the two views cannot form one pool, or empty. */
    public static Optional<String> versionObjection(List<PushPull.Node> remote, Collection<MemberRecord> local) {
        return VersionWindow.objection(remote, local);
    }

    /**
     * Why this node must not join a pool, or empty: a living member there has its name and another address, or its address
     * and another name. Two of either would fight without end. Source: ours.
     */
    public static Optional<String> placeTaken(List<PushPull.Node> remote, MemberRecord self) {
        for (PushPull.Node node : remote) {
            boolean sameName = node.name().equals(self.name());
            // As sockets: peers may write an IPv4 address in its 16-byte form.
            boolean sameAddress = node.address().socket().equals(self.address().socket());
            if (node.state() == NodeState.ALIVE && sameName != sameAddress) {
                return Optional.of(
                        sameName
                                ? "node name '" + node.name() + "' is already taken by the member at " + node.address()
                                : "address " + node.address() + " is already taken by member '" + node.name() + "'");
            }
        }
        return Optional.empty();
    }

    /** The remote records as claims; a told death is only a suspicion, as if it were our own. */
    public static List<SwimMessage.Claim> claims(List<PushPull.Node> remote, String self) {
        List<SwimMessage.Claim> claims = new ArrayList<>(remote.size());
        for (PushPull.Node node : remote) {
            claims.add(claim(node, self));
        }
        return claims;
    }

    /** Witnesses the other side's clock of intents, which tells the time of its next one. */
    public static void witness(SerfMessage.PushPullState state, IntentBook book) {
        if (state.ltime() != 0) {
            book.members().witness(state.ltime() - 1);
        }
    }

    /**
     * What Serf's state says of members, as intents in the order in which they count: first who left, then all others.
     * Witness each one; none is gossiped on.
     */
    public static List<SerfMessage.Intent> intents(SerfMessage.PushPullState state) {
        List<SerfMessage.Intent> intents = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>(state.leftMembers());
        Map<String, Long> others = new TreeMap<>(state.statusLTimes());
        for (String name : left) {
            long ltime = state.statusLTimes().getOrDefault(name, 0L);
            intents.add(new SerfMessage.Leave(ltime + 1, name, false));
        }
        others.keySet().removeAll(left);
        others.forEach((name, ltime) -> intents.add(new SerfMessage.Join(ltime, name)));
        return intents;
    }

    /** Our view for the other side: every record in the pool. */
    public static List<PushPull.Node> nodes(Collection<MemberRecord> records) {
        List<PushPull.Node> nodes = new ArrayList<>(records.size());
        for (MemberRecord record : records) {
            if (record.pooled()) {
                nodes.add(new PushPull.Node(
                        record.name(),
                        record.address(),
                        record.meta(),
                        record.incarnation(),
                        record.state(),
                        record.vsn()));
            }
        }
        return nodes;
    }

    /** Serf's part of our view but for events and queries, which {@link #withEvents} adds: every listed member. */
    public static SerfMessage.PushPullState serfState(Collection<MemberRecord> records, IntentBook book) {
        Map<String, Long> statusLTimes = new HashMap<>();
        List<String> left = new ArrayList<>();
        for (MemberRecord record : records) {
            if (record.isListed()) {
                statusLTimes.put(record.name(), record.statusLTime());
            }
            if (record.status() == SerfStatus.LEFT) {
                left.add(record.name());
            }
        }
        return new SerfMessage.PushPullState(book.members().time(), statusLTimes, left, 0, List.of(), 0);
    }

    /**
     * The whole of Serf's part.
     *
     * @param members what {@link #serfState} made
     * @param eventLTime the time of our next user event
     * @param events the ring of remembered events, by slot
     * @param queryLTime the time of our next query
     */
    public static SerfMessage.PushPullState withEvents(
            SerfMessage.PushPullState members,
            long eventLTime,
            List<Optional<SerfMessage.EventSlot>> events,
            long queryLTime) {
        return new SerfMessage.PushPullState(
                members.ltime(), members.statusLTimes(), members.leftMembers(), eventLTime, events, queryLTime);
    }

    private static SwimMessage.Claim claim(PushPull.Node node, String self) {
        NodeState state = node.state();
        return switch (state) {
            case ALIVE ->
                new SwimMessage.Alive(node.incarnation(), node.name(), node.address(), node.meta(), node.vsn());
            case LEFT -> new SwimMessage.Dead(node.incarnation(), node.name(), node.name());
            case DEAD, SUSPECT -> new SwimMessage.Suspect(node.incarnation(), node.name(), self);
        };
    }
}
