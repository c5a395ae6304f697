package io.sotto.agent.http;

import io.sotto.agent.metrics.PrometheusText;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP socket of the agent: turns a request of the wire into a {@link Request} and an {@link Answer} back.
 *
 * <p>Few routes read a body, of at most {@link #BODY_READ_MAX_BYTES}. For the others one up to {@link #BODY_MAX_BYTES} is
 * discarded. What is longer is refused with 413 or, when its length was not declared, by closing the connection. Connections, times and header sizes are bounded by the settings under
 * {@code pekko.http.server}. Every request is logged at DEBUG with its latency; a fault of a route is a 500 and an ERROR,
 * never the end of the listener. May be used from any thread. Source: agent behaviour, section 7.
 */
public final class HttpListener {
    /** What a request may carry and have ignored. */
    static final long BODY_MAX_BYTES = 512 * 1024;

    /** What a request may carry to a route that reads it: far more than gossip can carry on. */
    static final long BODY_READ_MAX_BYTES = 16 * 1024;

    /** How long a body may take to come. */
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(30);

    /** The library refuses none at all. */
    private static final Duration SHORTEST_GRACE = Duration.ofMillis(1);

    private static final Logger LOG = LoggerFactory.getLogger("agent.http");
    /** With the charset in Consul's spelling; clients have been seen to compare the header as a string. */
    private static final ContentType.NonBinary TEXT = MediaTypes.TEXT_PLAIN.toContentType(HttpCharsets.custom("utf-8"));

    private final ServerBinding binding;

    private HttpListener(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * Binds and answers from then on.
     *
     * @param port 0 takes a free one
     * @param clock measures how long answers take
     * @return fails with the operating system's reason when the address cannot be bound
     */
    public static CompletionStage<HttpListener> start(
            ActorSystem<?> system, String host, int port, AgentApi api, Clock clock) {
        Function<HttpRequest, CompletionStage<HttpResponse>> handler = request -> handle(system, api, clock, request);
        CompletableFuture<HttpListener> started = new CompletableFuture<>();
        Http.get(system).newServerAt(host, port).bind(handler).whenComplete((binding, failure) -> {
            if (failure != null) {
                started.completeExceptionally(failure);
            } else {
                started.complete(new HttpListener(binding));
            }
        });
        return started;
    }

    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Accepts no more, waits at most {@code grace} for answers under way, then closes all connections. */
    public CompletionStage<Done> stop(Duration grace) {
        CompletableFuture<Done> stopped = new CompletableFuture<>();
        Duration atLeast = grace.compareTo(SHORTEST_GRACE) < 0 ? SHORTEST_GRACE : grace;
        binding.terminate(atLeast).whenComplete((done, failure) -> stopped.complete(Done.getInstance()));
        return stopped;
    }

    private static CompletionStage<HttpResponse> handle(
            ActorSystem<?> system, AgentApi api, Clock clock, HttpRequest request) {
        long begun = clock.millis();
        Request head;
        try {
            head = head(request);
        } catch (IllegalUriException malformed) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(
                    response(Answer.text(400, "Bad request: " + malformed.getMessage())));
        }
        boolean reads = api.readsBody(head);
        long max = reads ? BODY_READ_MAX_BYTES : BODY_MAX_BYTES;
        Answer tooLarge = Answer.text(413, "Request body too large, max size: " + max + " bytes");
        if (request.entity().getContentLengthOption().orElse(0) > max) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(response(tooLarge));
        }
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        if (request.entity() instanceof HttpEntity.Strict strict) {
            respond(api, clock, begun, request, reads ? with(head, strict) : head, response);
            return response;
        }
        // Only after its end: clients that still send may never read an early answer.
        CompletionStage<Request> whole = reads
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
                respond(api, clock, begun, request, complete, response);
            } else {
                response.complete(response(tooLarge));
            }
        });
        return response;
    }

    private static Request head(HttpRequest request) {
        List<String> path = new ArrayList<>();
        request.getUri().pathSegments().forEach(path::add);
        Query query = request.getUri().query();
        return new Request(method(request), path, query.toMap(), query.toMultiMap(), Octets.empty());
    }

    private static Request with(Request head, HttpEntity.Strict body) {
        return new Request(
                head.method(),
                head.path(),
                head.query(),
                head.repeated(),
                Octets.wrap(body.getData().toArray()));
    }

    private static void respond(
            AgentApi api,
            Clock clock,
            long begun,
            HttpRequest request,
            Request read,
            CompletableFuture<HttpResponse> response) {
        answer(api, read).whenComplete((answer, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure;
                LOG.error("Request error: method={} url={} error=\"{}\"", method(request), url(request), cause, cause);
                response.complete(response(Answer.text(500, String.valueOf(cause.getMessage()))));
            } else {
                response.complete(response(answer));
            }
            if (LOG.isDebugEnabled()) {
                LOG.debug(
                        "Request finished: method={} url={} latency={}ms",
                        method(request),
                        url(request),
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

    private static String method(HttpRequest request) {
        return request.method().value().toUpperCase(Locale.ROOT);
    }

    private static String url(HttpRequest request) {
        return request.getUri().toRelative().toString();
    }

    private static ResponseEntity entity(Answer answer) {
        ContentType.NonBinary type = switch (answer.form()) {
            case NONE, TEXT -> TEXT;
            case JSON -> ContentTypes.APPLICATION_JSON;
            case PROMETHEUS -> Prometheus.TEXT;
        };
        if (answer.stream().isPresent()) {
            return HttpEntities.create((ContentType) type, answer.stream().get().map(ByteString::fromString));
        }
        return answer.form() == Answer.Form.NONE ? HttpEntities.EMPTY : HttpEntities.create(type, answer.body());
    }

    private static HttpResponse response(Answer answer) {
        ResponseEntity entity = entity(answer);
        HttpResponse response =
                HttpResponse.create().withStatus(answer.status()).withEntity(entity);
        return answer.allow().isEmpty()
                ? response
                : response.addHeader(RawHeader.create("Allow", String.join(",", answer.allow())));
    }

    /** Made by the first who asks: a type with parameters loads the library's parser, for which no start should wait. */
    private static final class Prometheus {
        static final ContentType.NonBinary TEXT = MediaTypes.customWithOpenCharset(
                        "text", "plain", Map.of("version", PrometheusText.VERSION), false)
                .toContentType(HttpCharsets.custom("utf-8"));
    }
}
