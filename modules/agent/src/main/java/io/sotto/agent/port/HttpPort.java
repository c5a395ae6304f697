package io.sotto.agent.port;

import io.sotto.pki.TlsSnapshot;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * One socket that speaks HTTP, or HTTPS with whatever certificate is in force when a connection comes.
 *
 * <p>The library's own binding would do, were it not that it knows neither who connects nor how long a handshake takes.
 * What it serves each connection with is used as it is. May be used from any thread. Source: agent behaviour, section 1;
 * TLS specification, section 5.
 */
public final class HttpPort {
    private static final int BACKLOG = 1_024;
    private static final List<Inet.SocketOption> OPTIONS = List.of(TcpSO.tcpNoDelay(true));
    private static final Optional<Duration> NO_IDLE_TIMEOUT = Optional.empty();
    private static final List<String> PROTOCOLS = List.of("http/1.1");

    private final ActorSystem<?> system;
    private final Materializer materializer;
    private final Guests guests;
    private final Optional<Supplier<TlsSnapshot>> tls;
    private final Handler handler;
    private final CompletableFuture<Tcp.ServerBinding> binding = new CompletableFuture<>();

    /** Answers requests; never fails. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers one.
         *
         * @param gone completes if the client sends no more, as one that has gone, before it has the answer
         */
        CompletionStage<HttpResponse> answer(HttpRequest request, InetSocketAddress client, CompletionStage<Done> gone);
    }

    private HttpPort(ActorSystem<?> system, Guests guests, Optional<Supplier<TlsSnapshot>> tls, Handler handler) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.guests = guests;
        this.tls = tls;
        this.handler = handler;
    }

    /**
     * Binds and answers from then on.
     *
     * @param port 0 takes a free one
     * @param guests shared by all ports of an agent
     * @param tls what is in force, asked once for each connection; empty for plain HTTP
     * @return fails with the operating system's reason when the address cannot be bound
     */
    public static CompletionStage<HttpPort> bind(
            ActorSystem<?> system,
            String host,
            int port,
            Guests guests,
            Optional<Supplier<TlsSnapshot>> tls,
            Handler handler) {
        return new HttpPort(system, guests, tls, handler).listen(host, port);
    }

    public InetSocketAddress address() {
        return binding.join().localAddress();
    }

    public boolean isSecure() {
        return tls.isPresent();
    }

    /** Accepts no more, waits at most {@code grace} for answers under way, then ends all connections. Never fails. */
    public CompletionStage<Done> stop(Duration grace) {
        return binding.join()
                .unbind()
                .handle((unbound, failure) -> Done.getInstance())
                .thenCompose(unbound -> {
                    List<Guest> present = guests.at(this);
                    present.forEach(Guest::drain);
                    return CompletableFuture.allOf(
                                    present.stream().map(Guest::gone).toArray(CompletableFuture<?>[]::new))
                            .thenApply(all -> Done.getInstance())
                            .completeOnTimeout(Done.getInstance(), grace.toMillis(), TimeUnit.MILLISECONDS)
                            .thenApply(done -> {
                                guests.at(this).forEach(Guest::end);
                                return done;
                            });
                });
    }

    private CompletionStage<HttpPort> listen(String host, int port) {
        CompletableFuture<HttpPort> listening = new CompletableFuture<>();
        Tcp.get(system)
                .bind(host, port, BACKLOG, OPTIONS, true, NO_IDLE_TIMEOUT)
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
        Optional<Guest> admitted = guests.admit(this, connection.remoteAddress().getAddress());
        if (admitted.isEmpty()) {
            Flow<ByteString, ByteString, NotUsed> closed = Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
            connection.handleWith(closed, materializer);
            return;
        }
        Guest guest = admitted.get();
        try {
            guest.runs(connection.handleWith(serve(guest, connection.remoteAddress()), materializer));
        } catch (RuntimeException notStarted) {
            guest.leave();
            throw notStarted;
        }
    }

    private Flow<ByteString, ByteString, Guest.Switches> serve(Guest guest, InetSocketAddress client) {
        Function<HttpRequest, CompletionStage<HttpResponse>> answer = request -> {
            CompletionStage<Done> gone = guest.asks();
            return handler.answer(request, client, gone).whenComplete((response, none) -> guest.isAnswered());
        };
        return Flow.of(HttpRequest.class)
                .viaMat(KillSwitches.single(), Keep.right())
                .mapAsync(1, answer)
                .join(Http.get(system).serverLayer().atop(secured(guest)))
                .viaMat(KillSwitches.single(), Guest.Switches::new);
    }

    private BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> secured(Guest guest) {
        if (tls.isEmpty()) {
            return placebo().atop(door(Doorway.to(Doorway.Inside.HTTP, guest, guests.settings(), guests.counters())));
        }
        TlsSnapshot snapshot = tls.get().get();
        if (!snapshot.servesTls()) {
            return placebo()
                    .atop(door(Doorway.closed(
                            TlsSnapshot.unrecognizedName(), guest, guests.settings(), guests.counters())));
        }
        return TLS.create(() -> snapshot.acceptHttps(PROTOCOLS), session -> guest.shakeHands(), TLSClosing.eagerClose())
                .atop(door(Doorway.to(Doorway.Inside.TLS, guest, guests.settings(), guests.counters())));
    }

    private static BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> door(Doorway door) {
        return BidiFlow.fromGraph(door);
    }

    /** What it gives is of a kind of what is asked for. */
    @SuppressWarnings("unchecked")
    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> placebo() {
        return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
                (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
    }
}
