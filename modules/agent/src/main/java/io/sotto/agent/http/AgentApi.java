package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import io.sotto.agent.metrics.ConsulMetrics;
import io.sotto.agent.metrics.ProcessMetrics;
import io.sotto.agent.metrics.PrometheusText;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.wire.metrics.Metric;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final Optional<Wan> wan;
    private final AgentControl control;
    private final InstantSource clock;
    private final Supplier<List<Metric>> counted;
    private final RouteTable routes;
    private final List<ApiPart> parts;
    private final Gate gate;
    private volatile Everybody everybody = new Everybody(List.of(), Answer.notFound());

    AgentApi(AgentFacts facts, Pool pool, AgentControl control, InstantSource clock, ApiPart... parts) {
        this(facts, pool, Optional.empty(), control, clock, pool::metrics, AccessControl.open(), parts);
    }

    AgentApi(
            AgentFacts facts,
            Pool pool,
            Optional<Wan> wan,
            AgentControl control,
            InstantSource clock,
            Supplier<List<Metric>> counted,
            AccessControl access,
            ApiPart... parts) {
        this(facts, pool, wan, control, clock, counted, access, List.of(), parts);
    }

    /**
     * The API of one agent.
     *
     * @param wan what this agent knows beyond its datacenter, if it is a member of a WAN pool
     * @param counted all that the node counts; the process has figures of its own
     * @param access decides on every request
     * @param hosts by which names browsers may call this agent, besides its own
     * @param parts what this agent offers besides the routes that every agent has
     */
    public AgentApi(
            AgentFacts facts,
            Pool pool,
            Optional<Wan> wan,
            AgentControl control,
            InstantSource clock,
            Supplier<List<Metric>> counted,
            AccessControl access,
            List<String> hosts,
            ApiPart... parts) {
        this.gate = new Gate(access, facts.nodeName(), hosts);
        this.counted = counted;
        this.facts = facts;
        this.pool = pool;
        this.wan = wan;
        this.control = control;
        this.clock = clock;
        List<Route> all = new ArrayList<>(List.of(
                Route.get("", Access.OPEN, request -> Answer.text(200, "Consul Agent")),
                Route.get("v1/agent/self", Access.AGENT_READ, this::self),
                Route.get("v1/agent/members", Access.NODE_READ, this::members),
                Route.get("v1/agent/metrics", Access.AGENT_READ, this::metrics),
                Route.get("v1/agent/suspicions", Access.AGENT_READ, this::suspicions),
                Route.putOne("v1/agent/join", Access.AGENT_WRITE, this::join),
                Route.put("v1/agent/leave", Access.AGENT_WRITE, request -> leave()),
                Route.putOne("v1/agent/force-leave", Access.OPERATOR_WRITE, this::forceLeave),
                Route.put("v1/agent/reload", Access.AGENT_WRITE, this::reload)));
        this.parts = List.of(parts);
        for (ApiPart part : parts) {
            all.addAll(part.routes());
        }
        this.routes = new RouteTable(all);
    }

    CompletionStage<Answer> answer(Request request) {
        List<Route> found = routes.find(request.path());
        for (Route route : found) {
            if (request.method().equals(route.method())) {
                return gate.pass(route, request);
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

    /** The route that will answer, as far as this can be told before the body is read. */
    Optional<Route> route(Request head) {
        return routes.find(head.path()).stream()
                .filter(route -> route.method().equals(head.method()))
                .findFirst();
    }

    private Answer self(Request request) {
        Map<String, Json> more = new TreeMap<>();
        parts.forEach(part -> more.putAll(part.sections(request.rights())));
        return Answer.json(Shapes.self(facts, pool, wan, more), request.layout());
    }

    private Answer members(Request request) {
        Optional<Pool> asked = Wan.asked(request, pool, wan.map(Wan::pool));
        if (asked.isEmpty()) {
            return Answer.json(Json.Nothing.INSTANCE, request.layout());
        }
        String segment = request.parameter("segment").orElse("");
        if (!segment.isEmpty() && !segment.equals("_all")) {
            return Answer.text(500, "segment \"" + segment + "\" not found");
        }
        List<Member> all = asked.get().members();
        Rights rights = request.rights();
        if (rights.equals(Rights.ALL) && request.layout() == Answer.Layout.COMPACT) {
            return everybody(all);
        }
        List<Member> visible = all.stream()
                .filter(member -> rights.may(Access.NODE_READ, member.name()))
                .toList();
        return Answer.json(Shapes.members(visible), request.layout());
    }

    /** Made once for as long as no member changes: programs ask for the members again and again. */
    @SuppressWarnings("ReferenceEquality") // The same list, not an equal one, is what saves the work of comparing.
    private Answer everybody(List<Member> all) {
        Everybody last = everybody;
        if (last.of() != all) {
            last = new Everybody(all, Answer.json(Shapes.members(all), Answer.Layout.COMPACT));
            everybody = last;
        }
        return last.answer();
    }

    /** The answer that tells of these members, who are the same as long as the list is. */
    private record Everybody(List<Member> of, Answer answer) {}

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
        Optional<Pool> asked = Wan.asked(request, pool, wan.map(Wan::pool));
        if (asked.isEmpty()) {
            return Route.now(Answer.text(500, "Must be a server to join WAN cluster"));
        }
        return asked.get()
                .join(List.of(address))
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
