package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.config.Durations;
import io.sotto.agent.json.Json;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Query;
import io.sotto.cluster.QueryProgress;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code PUT /v1/agent/query/<name>}: asks the pool, the request's body being the payload, and streams one JSON object for
 * each line: {@code started}, {@code ack}s and {@code response}s as they arrive, {@code finished}. A question that cannot be
 * asked is 400 or 500 with the reason. Source: ours; Consul has no such route.
 */
public final class QueryApi extends ApiPart {
    /** Below the listener's own patience with silent connections; readers skip the blank line. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final Pool pool;
    private final ActorSystem<?> system;

    /** @param system runs the streams */
    public QueryApi(Pool pool, ActorSystem<?> system) {
        this.pool = pool;
        this.system = system;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.putBody("v1/agent/query", Access.EVENT_WRITE, this::ask));
    }

    private CompletionStage<Answer> ask(Request request, String name) {
        Query query;
        try {
            query = query(request, name);
        } catch (IllegalArgumentException e) {
            return Route.now(Answer.text(400, "Bad request: " + e.getMessage()));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // The first element decides between an answer and an error; a stream that has begun can no longer fail well.
        pool.query(query).prefixAndTail(1).runWith(Sink.head(), system).whenComplete((split, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (split.first().isEmpty() || split.first().get(0) instanceof QueryProgress.Refused) {
                answer.complete(Answer.text(500, reason(split.first())));
            } else {
                answer.complete(Answer.stream(
                        Answer.Form.JSON,
                        Source.from(split.first())
                                .concat(split.second())
                                .map(progress -> line(progress).compact() + "\n")
                                .keepAlive(HEARTBEAT, () -> "\n")));
            }
        });
        return answer;
    }

    private static String reason(List<QueryProgress> first) {
        return !first.isEmpty() && first.get(0) instanceof QueryProgress.Refused refused
                ? refused.reason()
                : "the pool has stopped";
    }

    private static Query query(Request request, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("Missing name");
        }
        Query query = Query.named(name).with(request.body()).toNodes(request.values("node"));
        for (String tag : request.values("tag")) {
            int equals = tag.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("tag \"" + tag + "\" is not key=regexp");
            }
            query = query.toTag(tag.substring(0, equals), tag.substring(equals + 1));
        }
        if (request.says("timeout")) {
            query = query.within(request.parameter("timeout")
                    .flatMap(Durations::parse)
                    .orElseThrow(() -> new IllegalArgumentException("timeout is not a duration such as 5s")));
        }
        if (request.says("relay-factor")) {
            query = query.relayedBy(number(request.parameter("relay-factor").orElse("")));
        }
        return request.says("no-ack") ? query.withoutAcks() : query;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
        }
    }

    private static Json line(QueryProgress progress) {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (progress instanceof QueryProgress.Started started) {
            fields.put("Type", Json.of("started"));
            fields.put("LTime", Json.of(started.ltime()));
            fields.put("TimeoutMs", Json.of(started.timeout().toMillis()));
        } else if (progress instanceof QueryProgress.Acked acked) {
            fields.put("Type", Json.of("ack"));
            fields.put("From", Json.of(acked.from()));
        } else if (progress instanceof QueryProgress.Answered answered) {
            fields.put("Type", Json.of("response"));
            fields.put("From", Json.of(answered.from()));
            fields.put(
                    "Payload",
                    Json.of(Base64.getEncoder()
                            .encodeToString(answered.payload().toArray())));
        } else if (progress instanceof QueryProgress.Finished finished) {
            fields.put("Type", Json.of("finished"));
            fields.put("Acks", Json.of(finished.acks()));
            fields.put("Responses", Json.of(finished.answers()));
        } else if (progress instanceof QueryProgress.Refused refused) {
            fields.put("Type", Json.of("refused"));
            fields.put("Reason", Json.of(refused.reason()));
        }
        return new Json.Fields(fields);
    }
}
