package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;

/**
 * What of a list its reader may see, where this agent guards it: an entry is of a node, and perhaps of a service, and both
 * must be allowed. Pure.
 */
final class Visible {
    private static final String NODE = "Node";

    private Visible() {}

    /** The entries of a list as Consul shapes them, of nodes, services, checks or coordinates. */
    static Json of(Json list, Rights rights) {
        if (rights == Rights.ALL) {
            return list;
        }
        return new Json.Elements(list.asElements().stream()
                .filter(entry -> isVisible(entry, rights))
                .toList());
    }

    private static boolean isVisible(Json entry, Rights rights) {
        Json node = entry.get(NODE);
        String nodeName = node instanceof Json.Fields ? node.get(NODE).asText() : node.asText();
        Json service = entry.get("Service");
        String serviceName = service instanceof Json.Fields
                ? service.get("Service").asText()
                : entry.get("ServiceName").asText();
        return rights.may(Access.NODE_READ, nodeName)
                && (serviceName.isEmpty() || rights.may(Access.SERVICE_READ, serviceName));
    }
}
