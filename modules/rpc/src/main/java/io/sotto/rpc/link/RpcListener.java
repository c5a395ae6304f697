package io.sotto.rpc.link;

import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * Accepts RPC connections and answers the calls on them, each connection in a stream of its own: whatever one sends ends that
 * one at most. A connection lives under the TLS snapshot that was in force when it was accepted. Safe to use from every
 * thread.
 *
 * <p>Source: RPC specification, sections 1 to 3; security rules, "TLS".
 */
public final class RpcListener {
    private static final List<Inet.SocketOption> OPTIONS = List.of(TcpSO.keepAlive(true), TcpSO.tcpNoDelay(true));
    private static final int ACCEPT_BACKLOG = 4_096;
    /** Keepalives find out what is gone, and the handshake's deadline what never came. */
    private static final Optional<Duration> NO_IDLE_TIMEOUT = Optional.empty();

    private final ActorSystem<?> system;
    private final Materializer materializer;
    private final LinkSettings settings;
    private final Supplier<TlsSnapshot> tls;
    private final LinkCounters counters;
    private final LinkLog log;
    private final AcceptedConnections connections;
    private final Serving.Source serving;
    private final RpcDialect dialect;
    private final LongSupplier clock = System::nanoTime;
    private final CompletableFuture<Tcp.ServerBinding> binding = new CompletableFuture<>();

    private RpcListener(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters,
            RpcDialect dialect) {
        this.system = system;
        this.dialect = dialect;
        this.materializer = SystemMaterializer.get(system).materializer();
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
        return new RpcListener(system, settings, tls, endpoints, counters, dialect).listen(address);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return binding.join().localAddress();
    }

    /** Accepts no more; connections that are there go on. */
    public CompletionStage<Done> unbind() {
        CompletableFuture<Done> unbound = new CompletableFuture<>();
        binding.join().unbind().whenComplete((nothing, failure) -> unbound.complete(Done.getInstance()));
        return unbound;
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

    private CompletionStage<RpcListener> listen(InetSocketAddress address) {
        CompletableFuture<RpcListener> listening = new CompletableFuture<>();
        Tcp.get(system)
                .bind(
                        address.getAddress().getHostAddress(),
                        address.getPort(),
                        ACCEPT_BACKLOG,
                        OPTIONS,
                        true,
                        NO_IDLE_TIMEOUT)
                .toMat(Sink.foreach(this::accept), Keep.left())
                .run(materializer)
                .whenComplete((bound, failure) -> {
                    if (failure == null) {
                        binding.complete(bound);
                        listening.complete(this);
                    } else {
                        listening.completeExceptionally(failure);
                    }
                });
        return listening;
    }

    private void accept(Tcp.IncomingConnection connection) {
        TlsSnapshot snapshot = tls.get();
        var admission = connections.admit(connection.remoteAddress(), snapshot.generation());
        switch (admission.verdict()) {
            case ADMITTED -> {
                Accepted place = admission.place();
                long now = clock.getAsLong();
                AcceptCore core = new AcceptCore(settings, place, log, counters, snapshot, serving, dialect, now);
                connection.handleWith(
                        Flow.fromGraph(new LinkStage(core, place.inbox(), settings, counters, clock)), materializer);
            }
            case TOO_MANY_OF_ADDRESS ->
                turnAway(
                        connection,
                        LinkRefusal.TOO_MANY_OF_ADDRESS,
                        "rejecting RPC conn from because rpc_max_conns_per_client exceeded: " + LinkLog.FROM);
            case TOO_MANY ->
                turnAway(
                        connection,
                        LinkRefusal.TOO_MANY,
                        "rejecting RPC conn because sotto.rpc.max-connections is reached: " + LinkLog.FROM);
        }
    }

    private void turnAway(Tcp.IncomingConnection connection, LinkRefusal reason, String text) {
        log.refuse(reason, connection.remoteAddress(), text);
        Flow<ByteString, ByteString, NotUsed> closed = Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
        connection.handleWith(closed, materializer);
    }
}
