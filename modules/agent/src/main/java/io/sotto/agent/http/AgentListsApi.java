package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import java.util.List;
import java.util.Map;

/**
 * {@code /v1/agent/services}, {@code /v1/agent/checks} and {@code /v1/agent/service/ID}: what this agent has registered itself, which
 * is nothing. Source: agent behaviour, section 7; golden/http-agent.
 */
public final class AgentListsApi extends ApiPart {
    @Override
    protected List<Route> routes() {
        return List.of(
                Route.get("v1/agent/services", Access.SERVICE_READ, AgentListsApi::none),
                Route.get("v1/agent/checks", Access.SERVICE_READ, AgentListsApi::none),
                Route.getOne(
                        "v1/agent/service",
                        Access.SERVICE_READ,
                        (request, id) -> Answer.text(404, "unknown service ID: " + id)));
    }

    private static Answer none(Request request) {
        return Answer.json(new Json.Fields(Map.of()), request.layout());
    }
}
