package io.sotto.agent.http;

import io.sotto.agent.port.Guests;
import io.sotto.agent.port.HttpPort;
import io.sotto.pki.TlsSnapshot;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP socket of the agent: turns a request of the wire into a {@link Request} and an {@link Answer} back.
 *
 * <p>Few routes read a body, each up to a length of its own. For the others one up to {@link #BODY_MAX_BYTES} is discarded.
 * What is longer is refused with 413 or, when its length was not declared, by closing the connection. Connections and their
 * times are bounded by {@link Guests}, header sizes by the settings under
 * {@code pekko.http.server}. Every request is logged at DEBUG with its latency; a fault of a route is a 500 and an ERROR,
 * never the end of the listener. May be used from any thread. Source: agent behaviour, section 7.
 */
public final class HttpListener {
    /** What a request may carry and have ignored. */
    static final long BODY_MAX_BYTES = 512 * 1024;

    /** Ten minutes and a sixteenth, as servers hold a query at most, and time for the call besides. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(700);

    /** How long a body may take to come. */
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger("agent.http");

    private final HttpPort socket;

    private HttpListener(HttpPort socket) {
        this.socket = socket;
    }

    /**
     * Binds and answers from then on.
     *
     * @param port 0 takes a free one
     * @param guests whom all listeners of an agent share their bounds for
     * @param tls what is in force, for HTTPS; empty for plain HTTP
     * @param clock measures how long answers take
     * @return fails with the operating system's reason when the address cannot be bound
     */
    public static CompletionStage<HttpListener> start(
            ActorSystem<?> system,
            String host,
            int port,
            Guests guests,
            Optional<Supplier<TlsSnapshot>> tls,
            AgentApi api,
            Clock clock) {
        HttpPort.Handler handler = (request, client, gone) -> handle(system, api, clock, request, client, gone);
        return HttpPort.bind(system, host, port, guests, tls, handler).thenApply(HttpListener::new);
    }

    public InetSocketAddress address() {
        return socket.address();
    }

    /** Whether it speaks TLS. */
    public boolean isSecure() {
        return socket.isSecure();
    }

    /** Accepts no more, waits at most {@code grace} for answers under way, then closes all connections. */
    public CompletionStage<Done> stop(Duration grace) {
        return socket.stop(grace);
    }

    private static CompletionStage<HttpResponse> handle(
            ActorSystem<?> system,
            AgentApi api,
            Clock clock,
            HttpRequest request,
            InetSocketAddress client,
            CompletionStage<Done> gone) {
        long begun = clock.millis();
        Request head;
        try {
            head = HttpHeads.read(request, client).until(gone);
        } catch (IllegalUriException malformed) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(
                    response(Answer.text(400, "Bad request: " + malformed.getMessage())));
        }
        Optional<Route> route = api.route(head);
        if (route.isPresent() && route.get().waits()) {
            request.getHeader(TimeoutAccess.class)
                    .ifPresent(timeout -> timeout.timeoutAccess().updateTimeout(LONGEST_WAIT));
        }
        long read = route.map(Route::bodyMaxBytes).orElse(0L);
        long max = read > 0 ? read : BODY_MAX_BYTES;
        long declared = request.entity().getContentLengthOption().orElse(0);
        if (declared > max) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(response(tooLarge(declared, max)));
        }
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        if (request.entity() instanceof HttpEntity.Strict strict) {
            respond(api, clock, begun, read > 0 ? with(head, strict) : head, response);
            return response;
        }
        // Only after its end: clients that still send may never read an early answer.
        CompletionStage<Request> whole = read > 0
                ? request.entity()
                        .withSizeLimit(max)
                        .toStrict(BODY_TIMEOUT.toMillis(), system)
                        .thenApply(strict -> with(head, strict))
                : request.entity()
                        .withSizeLimit(max)
                        .discardBytes(system)
                        .completionStage()
                        .thenApply(discarded -> head);
        whole.whenComplete((complete, broken) -> {
            if (broken == null) {
                respond(api, clock, begun, complete, response);
            } else {
                response.complete(response(tooLarge(Math.max(declared, max + 1), max)));
            }
        });
        return response;
    }

    private static Answer tooLarge(long declared, long max) {
        return Answer.text(413, "Request body(" + declared + " bytes) too large, max size: " + max + " bytes.");
    }

    private static Request with(Request head, HttpEntity.Strict body) {
        return head.with(Octets.wrap(body.getData().toArray()));
    }

    private static void respond(
            AgentApi api, Clock clock, long begun, Request read, CompletableFuture<HttpResponse> response) {
        answer(api, read).whenComplete((answer, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure;
                LOG.error(
                        "Request error: method={} url={} error=\"{}\"",
                        read.method(),
                        HttpHeads.shownUrl(read),
                        cause,
                        cause);
                response.complete(response(Answer.text(500, String.valueOf(cause.getMessage()))));
            } else {
                response.complete(response(answer));
            }
            if (LOG.isDebugEnabled()) {
                LOG.debug(
                        "Request finished: method={} url={} latency={}ms",
                        read.method(),
                        HttpHeads.shownUrl(read),
                        clock.millis() - begun);
            }
        });
    }

    private static CompletionStage<Answer> answer(AgentApi api, Request request) {
        try {
            return api.answer(request);
        } catch (RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    private static ResponseEntity entity(Answer answer) {
        if (answer.form().equals(Answer.Form.NONE)) {
            return HttpEntities.EMPTY;
        }
        ContentType type = ContentTypesInUse.of(answer.form());
        if (answer.stream().isPresent()) {
            return HttpEntities.create(type, answer.stream().get());
        }
        return HttpEntities.create(
                type,
                answer.bytes().isEmpty()
                        ? ByteString.fromString(answer.body())
                        : ByteString.fromArrayUnsafe(answer.bytes().toArray()));
    }

    private static HttpResponse response(Answer answer) {
        HttpResponse response =
                HttpResponse.create().withStatus(answer.status()).withEntity(entity(answer));
        return answer.headers().isEmpty()
                ? response
                : response.addHeaders(answer.headers().stream()
                        .<HttpHeader>map(header -> RawHeader.create(header.name(), header.value()))
                        .toList());
    }
}
