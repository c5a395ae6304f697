package io.sotto.agent.http;

import io.sotto.agent.metrics.PrometheusText;
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
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.japi.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP socket of the agent: turns a request of the wire into a {@link Request} and an {@link Answer} back.
 *
 * <p>No route reads a body: one up to {@link #BODY_MAX_BYTES} is discarded, a longer one refused with 413 or, when its
 * length was not declared, by closing the connection. Connections, times and header sizes are bounded by the settings under
 * {@code pekko.http.server}. Every request is logged at DEBUG with its latency; a fault of a route is a 500 and an ERROR,
 * never the end of the listener. May be used from any thread. Source: agent behaviour, section 7.
 */
public final class HttpListener {
    /** What a request may carry and have ignored. */
    static final long BODY_MAX_BYTES = 512 * 1024;

    /** The library refuses none at all. */
    private static final Duration SHORTEST_GRACE = Duration.ofMillis(1);

    private static final Logger LOG = LoggerFactory.getLogger("agent.http");
    /** With the charset in Consul's spelling; clients have been seen to compare the header as a string. */
    private static final ContentType.NonBinary TEXT = MediaTypes.TEXT_PLAIN.toContentType(HttpCharsets.custom("utf-8"));

    private static final Answer TOO_LARGE =
            Answer.text(413, "Request body too large, max size: " + BODY_MAX_BYTES + " bytes");

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
        if (request.entity().getContentLengthOption().orElse(0) > BODY_MAX_BYTES) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(response(TOO_LARGE));
        }
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        if (request.entity().isStrict()) {
            respond(api, clock, begun, request, response);
        } else {
            // Only after its end: clients that still send may never read an early answer.
            CompletionStage<Done> ended = request.entity()
                    .withSizeLimit(BODY_MAX_BYTES)
                    .discardBytes(system)
                    .completionStage();
            ended.whenComplete((done, broken) -> {
                if (broken == null) {
                    respond(api, clock, begun, request, response);
                } else {
                    response.complete(response(TOO_LARGE));
                }
            });
        }
        return response;
    }

    private static void respond(
            AgentApi api, Clock clock, long begun, HttpRequest request, CompletableFuture<HttpResponse> response) {
        answer(api, request).whenComplete((answer, failure) -> {
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

    private static CompletionStage<Answer> answer(AgentApi api, HttpRequest request) {
        try {
            List<String> path = new ArrayList<>();
            request.getUri().pathSegments().forEach(path::add);
            Map<String, String> query = request.getUri().query().toMap();
            return api.answer(new Request(method(request), path, query));
        } catch (IllegalUriException malformed) {
            return CompletableFuture.completedFuture(Answer.text(400, "Bad request: " + malformed.getMessage()));
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

    private static HttpResponse response(Answer answer) {
        ResponseEntity entity = switch (answer.form()) {
            case NONE -> HttpEntities.EMPTY;
            case TEXT -> HttpEntities.create(TEXT, answer.body());
            case JSON -> HttpEntities.create(ContentTypes.APPLICATION_JSON, answer.body());
            case PROMETHEUS -> HttpEntities.create(Prometheus.TEXT, answer.body());
        };
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
