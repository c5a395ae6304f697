package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolState;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.wire.Octets;
import io.sotto.wire.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One gossip pool that this node is a member of. All methods may be called from any thread, none blocks, and none throws
 * because of the network; {@link #members}, {@link #stats} and {@link #metrics} read what the pool publishes.
 */
public interface Pool {
    /** {@code lan}; the name also appears in logs and metrics. */
    String name();

    /**
     * Completes with the bound address once UDP and TCP listen and, where {@code start-join} names addresses, one of them
     * answered. Fails with {@link PoolStartException} when that cannot be: a taken port, an unreadable keyring, nobody to
     * join. A pool that failed to start has let go of its port.
     */
    CompletionStage<Member> started();

    /** This node as the pool lists it; before {@link #started} completes its address may have port 0. */
    Member self();

    /** All members listed, this node and those that left or failed included, sorted by name. */
    List<Member> members();

    Optional<Member> member(String name);

    /** Exchanges views with every address: {@code host}, {@code host:port}, {@code [v6]:port} or a DNS name. */
    CompletionStage<JoinOutcome> join(List<String> addresses);

    /** Leaves gracefully: others list this node as left, not failed. Completes when the leave has spread. */
    CompletionStage<Done> leave();

    /**
     * Declares a failed member to have left. Completes with false when nobody of that name is known.
     *
     * @param prune whether it is also forgotten at once
     */
    CompletionStage<Boolean> forceLeave(String name, boolean prune);

    /** The keys of this node in this pool; operations on them are local to this node. */
    PoolKeyring keyring();

    /** The keys of all members of this pool; operations on them ask everybody. */
    ClusterKeyring clusterKeyring();

    /** Sends the current view as {@link MemberEvent.Kind#JOINED} events, then each change, until the actor stops. */
    void subscribe(ActorRef<MemberEvent> subscriber);

    /** The current view, then each change; a slow consumer loses the oldest changes, never the stream. */
    Source<MemberEvent, NotUsed> memberEvents();

    /**
     * Sends a message to all members, this one included. Name and payload may take some 480 bytes together, which the pool
     * checks: events are for telling that something happened, not for what happened.
     */
    CompletionStage<EventOutcome> broadcast(String event, Octets payload, boolean coalesce);

    /** The events that reach this node from now on; a slow consumer loses the oldest, never the stream. */
    Source<UserEvent, NotUsed> userEvents();

    /** Sends the events that reach this node from now on, until the actor stops. */
    void subscribeToUserEvents(ActorRef<UserEvent> subscriber);

    /**
     * Asks the members and streams what comes back; the stream ends with the query's time. Each run of the source asks
     * anew. A slow consumer loses the oldest of the acks and answers.
     */
    Source<QueryProgress, NotUsed> query(Query query);

    /**
     * Sends the questions that this node is to answer, but for Serf's own, from now on until the actor stops. Several
     * actors may take questions; the first answer counts.
     */
    void answerQueries(ActorRef<AskedQuery> responder);

    /** How long a packet takes to a member and back, by network coordinates; empty while either has none. */
    Optional<Duration> roundTrip(String from, String to);

    /** Where a member is in the coordinate space of the pool; empty when it never told or this node never probed it. */
    Optional<Coordinate> coordinate(String member);

    PoolStats stats();

    /** Every figure of the pool by name, for monitoring systems; each entry of the pool's catalogue is there, zeros included. */
    List<Metric> metrics();

    /** Suspicions that run and the last that ended, newest first; {@code gossip.flood.ledger-max} bounds them. */
    List<Suspicion> suspicions();

    /**
     * What came from the address of each other member, by name: sealed with which key, plain, or refused. A hint, since
     * addresses can be forged.
     */
    SortedMap<String, MemberTraffic> evidence();

    /**
     * How far the pool's encryption has come, and whether each step of turning it on may be taken: asks the sotto members
     * for their own sealed reports, which takes some seconds where somebody does not answer.
     */
    CompletionStage<UpshiftStatus> upshift();

    /** The sealed reports themselves, by name; this node's own among them if it holds a key. */
    CompletionStage<SortedMap<String, SelfReport>> reports();

    /** The time in which this node takes plaintext in though it holds a key, while it lasts. */
    Optional<PlaintextPhase> plaintext();

    /**
     * The pool of a guardian that was spawned by hand rather than by {@link Sotto}, as simulations do.
     *
     * @param state what the guardian publishes
     */
    static Pool over(ActorSystem<?> system, String name, ActorRef<GossipPool.Command> guardian, PoolState state) {
        return new RunningPool(system, name, guardian, state);
    }
}
