package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.agent.metrics.ConsulMetrics;
import io.sotto.agent.metrics.ProcessMetrics;
import io.sotto.agent.metrics.PrometheusText;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Pool;
import io.sotto.wire.metrics.Metric;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The routes of the agent's API.
 *
 * <p>An unknown path is 404 with an
 * empty body, a known one with another method 405, as from Consul. May be called from any thread; nothing blocks. Source:
 * agent behaviour, section 7; golden/http-misc.
 */
public final class AgentApi {
    private final AgentFacts facts;
    private final Pool pool;
    private final AgentControl control;
    private final InstantSource clock;
    private final Supplier<List<Metric>> counted;
    private final List<Route> routes;

    AgentApi(AgentFacts facts, Pool pool, AgentControl control, InstantSource clock, ApiPart... parts) {
        this(facts, pool, control, clock, pool::metrics, parts);
    }

    /**
     * The API of one agent.
     *
     * @param counted all that the node counts; the process has figures of its own
     * @param parts what this agent offers besides the routes that every agent has
     */
    public AgentApi(
            AgentFacts facts,
            Pool pool,
            AgentControl control,
            InstantSource clock,
            Supplier<List<Metric>> counted,
            ApiPart... parts) {
        this.counted = counted;
        this.facts = facts;
        this.pool = pool;
        this.control = control;
        this.clock = clock;
        List<Route> all = new ArrayList<>(List.of(
                Route.get("", request -> Answer.text(200, "Consul Agent")),
                Route.get("v1/agent/self", this::self),
                Route.get("v1/agent/members", this::members),
                Route.get("v1/agent/metrics", this::metrics),
                Route.get("v1/agent/suspicions", this::suspicions),
                Route.putOne("v1/agent/join", this::join),
                Route.put("v1/agent/leave", request -> leave()),
                Route.putOne("v1/agent/force-leave", this::forceLeave),
                Route.put("v1/agent/reload", this::reload)));
        for (ApiPart part : parts) {
            all.addAll(part.routes());
        }
        this.routes = List.copyOf(all);
    }

    CompletionStage<Answer> answer(Request request) {
        List<Route> found =
                routes.stream().filter(route -> route.matches(request.path())).toList();
        for (Route route : found) {
            if (request.method().equals(route.method())) {
                return route.answer(request);
            }
        }
        if (found.isEmpty()) {
            return Route.now(Answer.notFound());
        }
        List<String> allowed = found.stream().map(Route::method).toList();
        return Route.now(
                request.method().equals("OPTIONS")
                        ? Answer.options(allowed)
                        : Answer.methodNotAllowed(request.method(), allowed));
    }

    /** Whether somebody waits for this request's body. */
    boolean readsBody(Request head) {
        return routes.stream()
                .anyMatch(route ->
                        route.readsBody() && route.method().equals(head.method()) && route.matches(head.path()));
    }

    private Answer self(Request request) {
        return Answer.json(Shapes.self(facts, pool), request.layout());
    }

    private Answer members(Request request) {
        if (request.says("wan")) {
            return Answer.json(Json.Nothing.INSTANCE, request.layout());
        }
        String segment = request.parameter("segment").orElse("");
        if (!segment.isEmpty() && !segment.equals("_all")) {
            return Answer.text(500, "segment \"" + segment + "\" not found");
        }
        return Answer.json(Shapes.members(pool.members()), request.layout());
    }

    /** A format other than Consul's two is JSON, as from Consul; Prometheus' own needs no setting here. */
    private Answer metrics(Request request) {
        List<Metric> metrics = new ArrayList<>(ProcessMetrics.read());
        metrics.addAll(counted.get());
        return request.parameter("format").filter("prometheus"::equals).isPresent()
                ? Answer.prometheus(PrometheusText.of(metrics))
                : Answer.json(ConsulMetrics.of(metrics, clock.instant(), ProcessMetrics.uptime()), request.layout());
    }

    /** Ours alone: Consul's agents answer 404. */
    private Answer suspicions(Request request) {
        return Answer.json(Shapes.suspicions(pool.suspicions()), request.layout());
    }

    private CompletionStage<Answer> join(Request request, String address) {
        if (request.says("wan")) {
            return Route.now(Answer.text(500, "Must be a server to join WAN cluster"));
        }
        return pool.join(List.of(address))
                .thenApply(outcome -> outcome.succeeded() ? Answer.empty() : Answer.text(500, failures(outcome)));
    }

    /** The failures in the form in which Consul lists several errors. */
    static String failures(JoinOutcome outcome) {
        int count = outcome.failures().size();
        StringBuilder text = new StringBuilder().append(count).append(count == 1 ? " error" : " errors");
        text.append(" occurred:\n");
        for (JoinOutcome.Failure failure : outcome.failures()) {
            text.append("\t* Failed to join ").append(failure.address()).append(": ");
            text.append(failure.reason()).append('\n');
        }
        return text.append('\n').toString();
    }

    private CompletionStage<Answer> leave() {
        return control.leave().thenApply(done -> Answer.empty());
    }

    private CompletionStage<Answer> forceLeave(Request request, String node) {
        return pool.forceLeave(node, request.parameter("prune").isPresent())
                .thenApply(known ->
                        known ? Answer.empty() : Answer.text(500, "agent: No node found with name '" + node + "'"));
    }

    /** Empty as from Consul; with {@code ?report}, which is ours, what the reload did. */
    private CompletionStage<Answer> reload(Request request) {
        return control.reload().thenApply(reloaded -> {
            if (reloaded instanceof AgentControl.Reloaded.Refused refused) {
                return Answer.text(500, refused.reason());
            }
            return request.parameter("report").isPresent()
                    ? Answer.json(Shapes.reloaded((AgentControl.Reloaded.Applied) reloaded), request.layout())
                    : Answer.empty();
        });
    }
}
