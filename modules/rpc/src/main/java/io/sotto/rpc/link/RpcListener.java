package io.sotto.rpc.link;

import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * Accepts RPC connections and answers the calls on them, each connection in a stream of its own: whatever one sends ends that
 * one at most. A connection lives under the TLS snapshot that was in force when it was accepted. Safe to use from every
 * thread.
 *
 * <p>Source: RPC specification, sections 1 to 3; security rules, "TLS".
 */
public final class RpcListener {
    private final LinkRunner runner;
    private final LinkSettings settings;
    private final Supplier<TlsSnapshot> tls;
    private final LinkCounters counters;
    private final LinkLog log;
    private final AcceptedConnections connections;
    private final Serving.Source serving;
    private final RpcDialect dialect;
    private final LongSupplier clock;
    private final CompletableFuture<Done> unbound = new CompletableFuture<>();
    private final LinkSockets.Port port;

    private RpcListener(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters,
            RpcDialect dialect,
            LinkEnvironment environment,
            InetSocketAddress address)
            throws IOException {
        this.dialect = dialect;
        this.clock = environment.nanos();
        Materializer materializer = SystemMaterializer.get(system).materializer();
        this.runner = new LinkRunner(
                system,
                environment.threads().handshakes(),
                environment.threads().links());
        this.settings = settings;
        this.tls = tls;
        this.counters = counters;
        this.log = new LinkLog(counters, clock);
        this.connections = new AcceptedConnections(settings, counters);
        this.serving = new Serving.Source() {
            @Override
            public Endpoints endpoints() {
                return endpoints.get();
            }

            @Override
            public void run(RpcAnswer.Streamed series, SeriesSink sink) {
                series.bodies().runWith(sink, materializer);
            }
        };
        // Last of all, since from now on others come.
        this.port = environment.sockets().listen(address, new Entrance());
    }

    /**
     * Listens.
     *
     * @param address port 0 takes a free one
     * @param tls what is in force; asked once for each connection
     * @param endpoints what is served now; asked for each call
     * @return fails when the address cannot be had
     */
    public static CompletionStage<RpcListener> bind(
            ActorSystem<?> system,
            InetSocketAddress address,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters) {
        return bind(system, address, settings, tls, endpoints, counters, RpcDialect.CONSUL);
    }

    /** The same for callers of another dialect. */
    public static CompletionStage<RpcListener> bind(
            ActorSystem<?> system,
            InetSocketAddress address,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters,
            RpcDialect dialect) {
        return bind(system, address, settings, tls, endpoints, counters, dialect, LinkEnvironment.machine(system));
    }

    /** The same for links that live elsewhere than on this machine's network. */
    public static CompletionStage<RpcListener> bind(
            ActorSystem<?> system,
            InetSocketAddress address,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters,
            RpcDialect dialect,
            LinkEnvironment environment) {
        try {
            return CompletableFuture.completedFuture(
                    new RpcListener(system, settings, tls, endpoints, counters, dialect, environment, address));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return port.address();
    }

    /** Accepts no more; connections that are there go on. */
    public CompletionStage<Done> unbind() {
        port.close();
        return unbound.minimalCompletionStage();
    }

    /**
     * Asks every peer whose connection was accepted under an older TLS snapshot to call elsewhere or anew; answers what is under
     * way, and closes by the drain timeout at the latest.
     */
    public void drainOlderThan(long generation) {
        connections.olderThan(generation).forEach(place -> place.offer(ServingOrder.Drain.DRAIN));
    }

    /** The same for all of them; with {@link #unbind}, an orderly end. */
    public void drain() {
        drainOlderThan(Long.MAX_VALUE);
    }

    /** Where connections come in. */
    private final class Entrance implements LinkSockets.Door {
        @Override
        public void accepted(LinkSocket socket, InetSocketAddress source) {
            accept(socket, source);
        }

        @Override
        public void failed(InetSocketAddress at, IOException why) {
            log.refuse(LinkRefusal.NOT_ACCEPTED, at, "failed to accept RPC conn: " + SocketErrors.text(why));
        }

        @Override
        public void closed() {
            unbound.complete(Done.getInstance());
        }
    }

    private void accept(LinkSocket socket, InetSocketAddress source) {
        TlsSnapshot snapshot = tls.get();
        var admission = connections.admit(source, snapshot.generation());
        switch (admission.verdict()) {
            case ADMITTED -> {
                Accepted place = admission.place();
                AcceptCore core =
                        new AcceptCore(settings, place, log, counters, snapshot, serving, dialect, clock.getAsLong());
                try {
                    runner.run(new LinkStage.Parts(
                            socket, Optional.empty(), core, place.inbox(), settings, counters, clock));
                } catch (RuntimeException e) {
                    place.leave();
                    throw e;
                }
            }
            case TOO_MANY_OF_ADDRESS ->
                turnAway(
                        socket,
                        source,
                        LinkRefusal.TOO_MANY_OF_ADDRESS,
                        "rejecting RPC conn from because rpc_max_conns_per_client exceeded: " + LinkLog.FROM);
            case TOO_MANY ->
                turnAway(
                        socket,
                        source,
                        LinkRefusal.TOO_MANY,
                        "rejecting RPC conn because sotto.rpc.max-connections is reached: " + LinkLog.FROM);
        }
    }

    private void turnAway(LinkSocket socket, InetSocketAddress source, LinkRefusal reason, String text) {
        log.refuse(reason, source, text);
        socket.close();
    }
}
