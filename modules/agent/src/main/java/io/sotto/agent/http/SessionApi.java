package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.NodeRequest;
import io.sotto.wire.rpc.consul.Sessions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code /v1/session}: sessions, which hold locks. Source: agent behaviour, section 7; golden/http-servers. */
public final class SessionApi extends ApiPart {
    private static final String SERF_HEALTH = "serfHealth";
    private static final String LOCK_DELAY = "LockDelay";

    /** A lock delay that is a number below this one is in seconds, as clients older than durations have it. */
    private static final long SECONDS_BELOW = 1_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long USUAL_LOCK_DELAY = 15 * NANOS_PER_SECOND;

    private final Servers servers;

    public SessionApi(Servers servers) {
        this.servers = servers;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.put("v1/session/create", Access.SERVERS, this::create).reading(Servers.BODY_MAX_BYTES),
                Route.incomplete("PUT", "v1/session/destroy", "Missing session"),
                Route.incomplete("PUT", "v1/session/renew", "Missing session"),
                Route.incomplete("GET", "v1/session/info", "Missing session"),
                Route.incomplete("GET", "v1/session/node", "Missing node name"),
                Route.putOne("v1/session/destroy", Access.SERVERS, this::destroy),
                Route.putOne("v1/session/renew", Access.SERVERS, this::renew),
                Route.getOneLater("v1/session/info", Access.SERVERS, this::info).waiting(),
                Route.getOneLater("v1/session/node", Access.SERVERS, this::ofNode)
                        .waiting(),
                Route.getLater("v1/session/list", Access.SERVERS, this::list).waiting());
    }

    /** Where this agent guards sessions, it lets nobody make one of another node, of which it would know by the body only. */
    private CompletionStage<Answer> create(Request request) {
        if (!request.rights().may(Access.SESSION_WRITE, servers.node())) {
            return Route.now(Gate.DENIED);
        }
        return servers.write(
                request,
                ConsulMethods.SESSION_APPLY,
                body -> Map.of("Op", "create", "Session", session(body, request.rights())),
                id -> Answer.json(Json.of(Map.of("ID", id)), request.layout()));
    }

    /** On this node, and ending with its health, unless the body says otherwise. */
    private Map<String, Object> session(Optional<Json> body, Rights rights) throws BadBodyException {
        Map<String, Object> session = new LinkedHashMap<>();
        session.put("Node", servers.node());
        session.put("NodeChecks", List.of(SERF_HEALTH));
        session.put("Checks", List.of(SERF_HEALTH));
        session.put(LOCK_DELAY, USUAL_LOCK_DELAY);
        session.put("Behavior", "release");
        if (WireForms.NEW_SESSION.tree(body.orElse(new Json.Fields(Map.of()))) instanceof Map<?, ?> written) {
            written.forEach((name, value) -> session.put(String.valueOf(name), value));
        }
        if (!rights.may(Access.SESSION_WRITE, String.valueOf(session.get("Node")))) {
            session.put("Node", servers.node());
        }
        if (session.get(LOCK_DELAY) instanceof Number delay && delay.doubleValue() < SECONDS_BELOW) {
            session.put(LOCK_DELAY, delay.longValue() * NANOS_PER_SECOND);
        }
        if (List.of().equals(session.get("Checks"))) {
            session.put("NodeChecks", List.of());
        } else if (List.of().equals(session.get("NodeChecks"))) {
            session.put("Checks", List.of());
        }
        return session;
    }

    /** Only its id tells which session it is: where this agent guards them, it takes a rule on those of all nodes. */
    private CompletionStage<Answer> destroy(Request request, String id) {
        if (!request.rights().may(Access.SESSION_WRITE, "")) {
            return Route.now(Gate.DENIED);
        }
        return servers.call(
                request,
                (consul, asked) -> consul.sessionDestroy(id),
                done -> Answer.json(Json.of(true), request.layout()));
    }

    private CompletionStage<Answer> renew(Request request, String id) {
        if (!request.rights().may(Access.SESSION_WRITE, "")) {
            return Route.now(Gate.DENIED);
        }
        return servers.call(
                request,
                (consul, asked) -> consul.sessionRenew(id),
                found -> found.sessions().isEmpty()
                        ? Answer.text(404, "Session id '" + id + "' not found")
                        : sessions(request, found));
    }

    private CompletionStage<Answer> info(Request request, String id) {
        return servers.read(
                request,
                Servers.Named.NOTHING,
                (consul, asked) -> consul.session(id, asked.options()),
                Sessions.Listing::meta,
                found -> sessions(request, found));
    }

    private CompletionStage<Answer> ofNode(Request request, String node) {
        return servers.read(
                request,
                Servers.Named.NOTHING,
                (consul, asked) -> consul.read(
                        ConsulMethods.SESSION_NODE_SESSIONS,
                        new NodeRequest(asked.datacenter(), node, asked.options()),
                        asked.options()),
                Sessions.Listing::meta,
                found -> sessions(request, found));
    }

    private CompletionStage<Answer> list(Request request) {
        return servers.read(
                request,
                Servers.Named.NOTHING,
                (consul, asked) -> consul.sessions(asked.options()),
                Sessions.Listing::meta,
                found -> sessions(request, found));
    }

    private static Answer sessions(Request request, Sessions.Listing found) {
        Object tree = ConsulMethods.SESSION_LIST.answers().toTree(found);
        Json sessions = WireForms.SESSION.list(JsonForm.field(tree, "Sessions"));
        return Answer.json(
                new Json.Elements(sessions.asElements().stream()
                        .filter(session -> request.rights()
                                .may(Access.SESSION_READ, session.get("Node").asText()))
                        .toList()),
                request.layout());
    }
}
