package io.sotto.testkit.sim;

import io.sotto.cluster.Pool;
import io.sotto.cluster.Rpc;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.MembersView;
import io.sotto.gossip.PoolState;
import io.sotto.virtualtime.Lane;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * One member of a {@link SimCluster}: a name, an address and, while it runs, a production pool. A member that is restarted
 * stays the same object and gets a new pool.
 *
 * <p>Used on the cluster's thread only.
 */
public final class SimMember {
    private final String name;
    private final SimHost host;
    private Optional<SimProcess> process = Optional.empty();
    private Duration wrongBy = Duration.ZERO;
    private int lives;

    SimMember(String name, SimHost host) {
        this.name = name;
        this.host = host;
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return host.address();
    }

    /** How others name it in a join: {@code 10.0.0.1:7946}. */
    public String target() {
        return host.address().getAddress().getHostAddress() + ":"
                + host.address().getPort();
    }

    /** What the pool of the present life, or of the last, publishes. */
    public PoolState state() {
        return latest().state();
    }

    /** The members that it sees. */
    public MembersView view() {
        return state().members();
    }

    /** The pool's guardian; that of the last life once it has ended. */
    public ActorRef<GossipPool.Command> pool() {
        return latest().pool();
    }

    /** The pool as an application sees it: what {@code Sotto.get(system).lan()} is in production. */
    public Pool lan() {
        return latest().lan();
    }

    /**
     * Its calls: what {@code Sotto.get(system).rpc()} is in production, over the same network as gossip. A life takes and makes
     * calls from the first time on that this is asked for, so a member that serves must be asked at its start, as production
     * nodes are.
     */
    public Rpc rpc() {
        return latest().rpc();
    }

    /**
     * Starts an actor of a test or an application beside the pool: in the same process, so that it pauses with it, and is gone
     * when that is killed or restarted.
     */
    public <T> ActorRef<T> spawn(Behavior<T> behavior, String actorName) {
        return latest().spawn(behavior, actorName);
    }

    /** The lane of its process, for actors of a test that live and pause with it. A new one in each life. */
    public Lane lane() {
        return latest().lane();
    }

    public boolean isRunning() {
        return process.filter(SimProcess::isRunning).isPresent();
    }

    public boolean isPaused() {
        return isRunning() && lane().isPaused();
    }

    /** How many times it was started. */
    public int lives() {
        return lives;
    }

    SimHost host() {
        return host;
    }

    Duration wrongBy() {
        return wrongBy;
    }

    void jump(Duration by) {
        wrongBy = wrongBy.plus(by);
        process.ifPresent(running -> running.clock().jump(by));
    }

    /** Its process ends, if it has one. */
    void end() {
        process.ifPresent(SimProcess::end);
    }

    int nextLife() {
        return ++lives;
    }

    void began(SimProcess newProcess) {
        process = Optional.of(newProcess);
    }

    SimProcess latest() {
        return process.orElseThrow(() -> new NoSuchElementException(name + " has not been started yet"));
    }

    @Override
    public String toString() {
        return name;
    }
}
