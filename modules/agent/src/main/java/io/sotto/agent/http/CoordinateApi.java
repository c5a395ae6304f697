package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Coordinates;
import io.sotto.wire.rpc.consul.DatacenterRequest;
import io.sotto.wire.rpc.consul.NodeRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/coordinate}: network coordinates. Those of nodes are what the servers hold; where no server is known, as in a pool
 * of sotto's own, those of this node and of the members that told theirs when this node probed them. Source: agent behaviour,
 * section 7; golden/http-misc.
 */
public final class CoordinateApi extends ApiPart {
    private final Pool pool;
    private final Servers servers;

    public CoordinateApi(Pool pool, Servers servers) {
        this.pool = pool;
        this.servers = servers;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.getLater("v1/coordinate/nodes", Access.SERVERS, this::nodes)
                        .waiting(),
                Route.getOneLater("v1/coordinate/node", Access.SERVERS, this::node)
                        .waiting(),
                Route.getLater("v1/coordinate/datacenters", Access.OPEN, this::datacenters),
                Route.put("v1/coordinate/update", Access.SERVERS, this::update).reading(Servers.BODY_MAX_BYTES));
    }

    private CompletionStage<Answer> nodes(Request request) {
        return servers.readOr(
                () -> Answer.json(new Json.Elements(entries(visible(request, pool.members()))), request.layout()),
                request,
                (consul, asked) -> consul.read(
                        ConsulMethods.COORDINATE_LIST_NODES,
                        new DatacenterRequest(asked.datacenter(), asked.nodeMeta(), asked.source(), asked.options()),
                        asked.options()),
                Coordinates.Listing::meta,
                found -> listed(request, found));
    }

    private CompletionStage<Answer> node(Request request, String name) {
        return servers.readOr(
                () -> ownNode(request, name),
                request,
                (consul, asked) -> consul.read(
                        ConsulMethods.COORDINATE_NODE,
                        new NodeRequest(asked.datacenter(), name, asked.options()),
                        asked.options()),
                Coordinates.Listing::meta,
                found -> found.coordinates().isEmpty() ? Answer.notFound() : listed(request, found));
    }

    private Answer ownNode(Request request, String name) {
        List<Json> entries =
                entries(visible(request, pool.member(name).map(List::of).orElse(List.of())));
        return entries.isEmpty() ? Answer.notFound() : Answer.json(new Json.Elements(entries), request.layout());
    }

    private static Answer listed(Request request, Coordinates.Listing found) {
        return CatalogApi.list(
                request, WireForms.COORDINATE, ConsulMethods.COORDINATE_LIST_NODES.answers(), found, "Coordinates");
    }

    private CompletionStage<Answer> datacenters(Request request) {
        return servers.call(request, (consul, asked) -> consul.coordinatesOfDatacenters(), found -> {
            Object tree = ConsulMethods.COORDINATE_LIST_DATACENTERS.answers().toTree(found);
            return Answer.json(WireForms.OF_DATACENTER.list(tree), request.layout());
        });
    }

    private CompletionStage<Answer> update(Request request) {
        return servers.write(
                request,
                ConsulMethods.COORDINATE_UPDATE,
                Servers.Body.of(WireForms.COORDINATE),
                done -> Answer.empty());
    }

    private static List<Member> visible(Request request, List<Member> members) {
        return members.stream()
                .filter(member -> request.rights().may(Access.NODE_READ, member.name()))
                .toList();
    }

    private List<Json> entries(List<Member> members) {
        List<Json> entries = new ArrayList<>();
        for (Member member : members) {
            pool.coordinate(member.name()).ifPresent(coordinate -> {
                Map<String, Json> entry = new LinkedHashMap<>();
                entry.put("Node", Json.of(member.name()));
                entry.put("Segment", Json.of(member.tags().getOrDefault("segment", "")));
                entry.put("Coord", shape(coordinate));
                entries.add(new Json.Fields(entry));
            });
        }
        return entries;
    }

    /** A coordinate as Consul writes it. */
    static Json shape(Coordinate coordinate) {
        List<Json> vector = new ArrayList<>();
        for (double component : coordinate.vector()) {
            vector.add(GoNumber.of(component));
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Vec", new Json.Elements(vector));
        fields.put("Error", GoNumber.of(coordinate.error()));
        fields.put("Adjustment", GoNumber.of(coordinate.adjustment()));
        fields.put("Height", GoNumber.of(coordinate.height()));
        return new Json.Fields(fields);
    }
}
