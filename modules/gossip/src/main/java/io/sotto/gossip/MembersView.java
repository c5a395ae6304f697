package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.message.SwimMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of a pool, published by {@link Members} after each change and read by everybody without asking.
 *
 * <p>Publishing one costs little however many members there are: the table is shared with the view before, and the list of
 * records is made when somebody asks for it. It may lag behind the members' own actors by the messages under way; whoever
 * decides about a member is that member's actor, never a reader of this view.
 */
public final class MembersView {
    private final MemberRecord self;
    private final int healthScore;
    private final MemberTable remote;
    /** How many of the others memberlist has in its list. */
    private final int pooledOthers;

    private final Clocks clocks;
    private volatile @Nullable List<MemberRecord> records;

    /** The next times of the three Lamport clocks. */
    public record Clocks(long members, long events, long queries) {}

    private MembersView(
            MemberRecord self,
            int healthScore,
            MemberTable remote,
            int pooledOthers,
            Clocks clocks,
            @Nullable List<MemberRecord> records) {
        this.self = self;
        this.healthScore = healthScore;
        this.remote = remote;
        this.pooledOthers = pooledOthers;
        this.clocks = clocks;
        this.records = records;
    }

    static MembersView alone(MemberRecord self) {
        return new MembersView(self, 0, MemberTable.empty(), 0, new Clocks(1, 1, 1), null);
    }

    MembersView withSelf(MemberRecord newSelf, int newHealthScore) {
        return new MembersView(newSelf, newHealthScore, remote, pooledOthers, clocks, null);
    }

    MembersView with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        int pooled = pooledOthers - pooled(remote.get(record.name())) + (record.pooled() ? 1 : 0);
        return new MembersView(self, healthScore, remote.with(record, actor), pooled, clocks, null);
    }

    MembersView without(String name) {
        int pooled = pooledOthers - pooled(remote.get(name));
        return new MembersView(self, healthScore, remote.without(name), pooled, clocks, null);
    }

    private static int pooled(MemberTable.@Nullable Entry entry) {
        return entry != null && entry.record().pooled() ? 1 : 0;
    }

    MembersView withClocks(Clocks newClocks) {
        return newClocks.equals(clocks)
                ? this
                : new MembersView(self, healthScore, remote, pooledOthers, newClocks, records);
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
        List<MemberRecord> made = records;
        if (made == null) {
            // Whoever asks first makes it; two who ask at once make the same.
            List<MemberRecord> all = new ArrayList<>(remote.size() + 1);
            all.add(self);
            remote.entries().forEach(entry -> all.add(entry.record()));
            made = Collections.unmodifiableList(all);
            records = made;
        }
        return made;
    }

    /** How many records there are, this node's included; makes no list. */
    public int size() {
        return remote.size() + 1;
    }

    /** n of all formulas: members that memberlist still has in its list. */
    public int poolSize() {
        return pooledOthers + (self.pooled() ? 1 : 0);
    }

    public Optional<MemberRecord> find(String name) {
        return name.equals(self.name())
                ? Optional.of(self)
                : Optional.ofNullable(remote.get(name)).map(MemberTable.Entry::record);
    }

    Optional<ActorRef<RemoteMember.Command>> actorOf(String name) {
        return Optional.ofNullable(remote.get(name)).map(MemberTable.Entry::actor);
    }

    /** Whether a claim about another member says nothing new, so that no actor needs to hear it. Most gossip does not. */
    boolean holds(SwimMessage.Claim claim) {
        MemberTable.Entry entry = remote.get(claim.node());
        return entry != null && entry.record().holds(claim);
    }

    /** Whether anybody else is alive: without others there is nobody to wait for. */
    boolean hasCompany() {
        return remote.entries().stream().anyMatch(entry -> entry.record().isAlive());
    }
}
