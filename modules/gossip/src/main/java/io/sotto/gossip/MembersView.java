package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.probe.Arrivals;
import io.sotto.membership.probe.ProbeRing;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
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
    private final Others others;
    private final Arrivals arrivals;
    private final long clock;
    private volatile @Nullable List<MemberRecord> records;

    /** How many of the others memberlist has in its list, takes for alive there, or not for gone; and Serf takes for failed. */
    private record Others(int pooled, int alive, int present, int failed) {
        Others plus(MemberRecord record) {
            return add(record, 1);
        }

        Others minus(MemberTable.@Nullable Entry entry) {
            return entry == null ? this : add(entry.record(), -1);
        }

        private Others add(MemberRecord record, int one) {
            return new Others(
                    pooled + (record.pooled() ? one : 0),
                    alive + (record.isAlive() ? one : 0),
                    present + (record.pooled() && !record.state().isGone() ? one : 0),
                    failed + (record.status() == SerfStatus.FAILED ? one : 0));
        }
    }

    private MembersView(
            MemberRecord self,
            int healthScore,
            MemberTable remote,
            Others others,
            Arrivals arrivals,
            long clock,
            @Nullable List<MemberRecord> records) {
        this.self = self;
        this.healthScore = healthScore;
        this.remote = remote;
        this.others = others;
        this.arrivals = arrivals;
        this.clock = clock;
        this.records = records;
    }

    static MembersView alone(MemberRecord self) {
        return new MembersView(self, 0, MemberTable.empty(), new Others(0, 0, 0, 0), Arrivals.none(), 1, null);
    }

    MembersView withSelf(MemberRecord newSelf, int newHealthScore) {
        return new MembersView(newSelf, newHealthScore, remote, others, arrivals, clock, null);
    }

    MembersView with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        MemberTable.Entry before = remote.get(record.name());
        boolean arrives = record.pooled() && (before == null || !before.record().pooled());
        return new MembersView(
                self,
                healthScore,
                remote.with(record, actor),
                others.minus(before).plus(record),
                arrives ? arrivals.plus(record.name()) : arrivals,
                clock,
                null);
    }

    MembersView without(String name) {
        return new MembersView(
                self, healthScore, remote.without(name), others.minus(remote.get(name)), arrivals, clock, null);
    }

    MembersView withClock(long newClock) {
        return newClock == clock
                ? this
                : new MembersView(self, healthScore, remote, others, arrivals, newClock, records);
    }

    /** This node as it describes itself. */
    public MemberRecord self() {
        return self;
    }

    /** Lifeguard's score of this node's own health: 0 is healthy. */
    public int healthScore() {
        return healthScore;
    }

    /** The next time of the Lamport clock of intents, unsigned. */
    public long clock() {
        return clock;
    }

    /** Every record, this node first, then whoever was there first. */
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
        return others.pooled + (self.pooled() ? 1 : 0);
    }

    /** Every record, this node first, the others in any order: no list is made, and reading one is cheap anywhere. */
    List<MemberRecord> inAnyOrder() {
        return new InAnyOrder();
    }

    /** What a {@link ProbeRing} looks at. */
    ProbeRing.Candidates candidates() {
        return new Candidates();
    }

    /** Members besides this node that are alive or suspect. */
    int othersPresent() {
        return others.present();
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

    /** Whether an intent about another member says nothing new, its time included. */
    boolean holds(SerfMessage.Intent intent) {
        MemberTable.Entry entry = remote.get(intent.node());
        return entry != null && entry.record().holds(intent) && Long.compareUnsigned(intent.ltime(), clock) < 0;
    }

    /** Whether anybody else is alive: without others there is nobody to wait for. */
    boolean hasCompany() {
        return others.alive > 0;
    }

    /** Whether Serf takes anybody for failed. */
    boolean hasFailed() {
        return others.failed > 0;
    }

    private final class Candidates implements ProbeRing.Candidates {
        @Override
        public Optional<MemberRecord> find(String name) {
            return MembersView.this.find(name);
        }

        @Override
        public List<MemberRecord> records() {
            return inAnyOrder();
        }

        @Override
        public Arrivals arrivals() {
            return arrivals;
        }
    }

    private final class InAnyOrder extends AbstractList<MemberRecord> implements RandomAccess {
        @Override
        public MemberRecord get(int index) {
            return index == 0 ? self : remote.get(index - 1).record();
        }

        @Override
        public int size() {
            return MembersView.this.size();
        }
    }
}
