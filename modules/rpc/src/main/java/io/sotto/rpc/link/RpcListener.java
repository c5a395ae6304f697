package io.sotto.rpc.link;

import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Accepts RPC connections and answers the calls on them, each connection in a stream of its own: whatever one sends ends that
 * one at most. A connection lives under the TLS snapshot that was in force when it was accepted. Safe to use from every
 * thread.
 *
 * <p>Source: RPC specification, sections 1 to 3; security rules, "TLS".
 */
public final class RpcListener {
    private static final int ACCEPT_BACKLOG = 4_096;

    private final Materializer materializer;
    private final LinkRunner runner;
    private final LinkSettings settings;
    private final Supplier<TlsSnapshot> tls;
    private final LinkCounters counters;
    private final LinkLog log;
    private final AcceptedConnections connections;
    private final Serving.Source serving;
    private final RpcDialect dialect;
    private final LongSupplier clock = System::nanoTime;
    private final CompletableFuture<Done> unbound = new CompletableFuture<>();
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final UniqueKillSwitch accepting;

    private RpcListener(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            Supplier<Endpoints> endpoints,
            LinkCounters counters,
            RpcDialect dialect,
            ServerSocketChannel server)
            throws IOException {
        this.dialect = dialect;
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.materializer = SystemMaterializer.get(system).materializer();
        this.runner = new LinkRunner(system, LinkRunner.HANDSHAKES);
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
        this.accepting = listen();
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
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            try {
                server.configureBlocking(false);
                server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                server.bind(address, ACCEPT_BACKLOG);
                return CompletableFuture.completedFuture(
                        new RpcListener(system, settings, tls, endpoints, counters, dialect, server));
            } catch (IOException | RuntimeException e) {
                close(server);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Accepts no more; connections that are there go on. */
    public CompletionStage<Done> unbind() {
        accepting.shutdown();
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

    private UniqueKillSwitch listen() {
        AcceptStage.Door door = new AcceptStage.Door() {
            @Override
            public void accepted(SocketChannel channel) {
                accept(channel);
            }

            @Override
            public void failed(IOException why) {
                log.refuse(LinkRefusal.NOT_ACCEPTED, address, "failed to accept RPC conn: " + SocketErrors.text(why));
            }

            @Override
            public void closed() {
                unbound.complete(Done.getInstance());
            }
        };
        return Source.fromGraph(new AcceptStage(server, door))
                .viaMat(KillSwitches.single(), Keep.right())
                .to(Sink.ignore())
                .addAttributes(ActorAttributes.dispatcher(LinkRunner.ACCEPTS))
                .run(materializer);
    }

    private void accept(SocketChannel channel) {
        try {
            accept(channel, (InetSocketAddress) channel.getRemoteAddress());
        } catch (IOException | RuntimeException goneOrStopping) {
            // Whatever it is, it is about this one.
            close(channel);
        }
    }

    private void accept(SocketChannel channel, InetSocketAddress source) throws IOException {
        LinkSocket socket = LinkSocket.accepted(channel, counters);
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

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
