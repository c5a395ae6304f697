package io.sotto.rpc.pool;

import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.RpcLink;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.javadsl.Source;
import scala.concurrent.ExecutionContextExecutor;

/**
 * Makes calls over the connections of an {@link RpcPool}. A call goes straight to the link that is published for its callee,
 * on the caller's thread; only where there is none does it wait, and an actor hear of it. Safe to use from every thread.
 *
 * <p>What is tried again, within the hold timeout and the call's own time: what has not run anywhere; what a server without a
 * leader refused; and, where it only reads, what may have run. Source: RPC specification, section 9.
 */
public final class RpcCalls {
    private final ActorSystem<?> system;
    private final ExecutionContextExecutor executor;
    private final ActorRef<RpcPool.Command> pool;
    private final RpcPoolState state;

    private RpcCalls(ActorSystem<?> system, ActorRef<RpcPool.Command> pool, RpcPoolState state) {
        this.system = system;
        this.executor = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
        this.pool = pool;
        this.state = state;
    }

    /** Calls over the connections of {@code pool}, which publishes {@code state}. */
    public static RpcCalls over(ActorSystem<?> system, ActorRef<RpcPool.Command> pool, RpcPoolState state) {
        return new RpcCalls(system, pool, state);
    }

    /**
     * Calls to {@code callee}.
     *
     * @param repeatable whether calls of a method may be made again when they may have run
     */
    public RpcCaller to(Callee callee, Predicate<String> repeatable) {
        Route route = route(callee);
        return request -> start(new PooledCall(this, route, request, repeatable.test(request.method()), RpcLink::call));
    }

    /**
     * A call whose answer is a series, as of {@link RpcLink#streamed}. It is tried again only as long as it has not been sent.
     */
    public Source<Octets, CompletionStage<RpcResult>> streamed(Callee callee, RpcRequest request) {
        return Source.fromGraph(new StreamedCall(this, route(callee), request));
    }

    /** One call to one peer, not tried again when it failed there. */
    CompletableFuture<RpcResult> once(Slot slot, RpcRequest request) {
        return start(new PooledCall(this, new Route.Fixed(slot), request, false, RpcLink::call));
    }

    CompletableFuture<RpcResult> start(PooledCall call) {
        call.start();
        return call;
    }

    private Route route(Callee callee) {
        if (callee instanceof Callee.Member member) {
            return new Route.Named(member.name());
        }
        return callee instanceof Callee.Role role
                ? new Route.Spread(role.role())
                : new Route.Line(((Callee.Servers) callee).datacenter());
    }

    RpcPoolState state() {
        return state;
    }

    List<Slot> candidates(Route route) {
        return route.candidates(state.routes());
    }

    void want(Slot slot) {
        pool.tell(new RpcPool.Wanted(slot));
    }

    void failed(Slot slot) {
        pool.tell(new RpcPool.Failed(slot));
    }

    /** From 0 to {@code most}. */
    long chance(long most) {
        return state.chance(most);
    }

    Cancellable later(Duration delay, Runnable task) {
        return system.scheduler().scheduleOnce(delay, task, executor);
    }
}
