package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * An immutable picture of a pool, published by {@link Members} after each change and read by everybody without asking.
 *
 * <p>It may lag behind the members' own actors by the messages under way; whoever decides about a member is that member's
 * actor, never a reader of this view.
 */
public final class MembersView {
    private record Entry(MemberRecord record, ActorRef<RemoteMember.Command> actor) {}

    private final MemberRecord self;
    private final int healthScore;
    private final Map<String, Entry> remote;
    private final Clocks clocks;
    private final List<MemberRecord> records;
    private final int poolSize;

    /** The next times of the three Lamport clocks. */
    public record Clocks(long members, long events, long queries) {}

    private MembersView(MembersView same, Clocks clocks) {
        this.self = same.self;
        this.healthScore = same.healthScore;
        this.remote = same.remote;
        this.clocks = clocks;
        this.records = same.records;
        this.poolSize = same.poolSize;
    }

    private MembersView(MemberRecord self, int healthScore, Map<String, Entry> remote, Clocks clocks) {
        this.self = self;
        this.healthScore = healthScore;
        this.remote = remote;
        this.clocks = clocks;
        List<MemberRecord> all = new ArrayList<>(remote.size() + 1);
        all.add(self);
        remote.values().forEach(entry -> all.add(entry.record));
        this.records = Collections.unmodifiableList(all);
        this.poolSize = Roster.poolSize(records);
    }

    static MembersView alone(MemberRecord self) {
        return new MembersView(self, 0, Map.of(), new Clocks(1, 1, 1));
    }

    MembersView withSelf(MemberRecord newSelf, int newHealthScore) {
        return new MembersView(newSelf, newHealthScore, remote, clocks);
    }

    MembersView with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        Map<String, Entry> copy = new LinkedHashMap<>(remote);
        copy.put(record.name(), new Entry(record, actor));
        return new MembersView(self, healthScore, copy, clocks);
    }

    MembersView without(String name) {
        Map<String, Entry> copy = new LinkedHashMap<>(remote);
        copy.remove(name);
        return new MembersView(self, healthScore, copy, clocks);
    }

    MembersView withClocks(Clocks newClocks) {
        return newClocks.equals(clocks) ? this : new MembersView(this, newClocks);
    }

    /** This node as it describes itself. */
    public MemberRecord self() {
        return self;
    }

    /** Lifeguard's score of this node's own health: 0 is healthy. */
    public int healthScore() {
        return healthScore;
    }

    public Clocks clocks() {
        return clocks;
    }

    /** Every record, this node first. */
    public List<MemberRecord> records() {
        return records;
    }

    /** n of all formulas: members that memberlist still has in its list. */
    public int poolSize() {
        return poolSize;
    }

    public Optional<MemberRecord> find(String name) {
        return name.equals(self.name())
                ? Optional.of(self)
                : Optional.ofNullable(remote.get(name)).map(Entry::record);
    }

    Optional<ActorRef<RemoteMember.Command>> actorOf(String name) {
        return Optional.ofNullable(remote.get(name)).map(Entry::actor);
    }

    /** Whether a claim about another member says nothing new, so that no actor needs to hear it. Most gossip does not. */
    boolean holds(SwimMessage.Claim claim) {
        Entry entry = remote.get(claim.node());
        return entry != null && entry.record.holds(claim);
    }

    /** Whether anybody else is alive: without others there is nobody to wait for. */
    boolean hasCompany() {
        return remote.values().stream()
                .anyMatch(entry -> entry.record.pooled() && entry.record.state() == NodeState.ALIVE);
    }
}
