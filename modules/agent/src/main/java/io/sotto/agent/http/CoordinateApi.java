package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.membership.coordinate.Coordinate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /v1/coordinate/nodes} and {@code /v1/coordinate/node/<name>}: the network coordinates of this node and of those
 * members that told theirs when this node probed them. Source: agent behaviour, section 7; golden/http-misc.
 */
public final class CoordinateApi extends ApiPart {
    private final Pool pool;

    public CoordinateApi(Pool pool) {
        this.pool = pool;
    }

    @Override
    List<Route> routes() {
        return List.of(Route.get("v1/coordinate/nodes", this::nodes), Route.getOne("v1/coordinate/node", this::node));
    }

    private Answer nodes(Request request) {
        return Answer.json(new Json.Elements(entries(pool.members())), request.layout());
    }

    private Answer node(Request request, String name) {
        List<Json> entries = entries(pool.member(name).map(List::of).orElse(List.of()));
        return entries.isEmpty() ? Answer.notFound() : Answer.json(new Json.Elements(entries), request.layout());
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
            vector.add(number(component));
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Vec", new Json.Elements(vector));
        fields.put("Error", number(coordinate.error()));
        fields.put("Adjustment", number(coordinate.adjustment()));
        fields.put("Height", number(coordinate.height()));
        return new Json.Fields(fields);
    }

    /** JSON has no infinities; {@link Pool#coordinate} gives none. */
    private static Json number(double value) {
        return new Json.Numeral(value == 0 ? "0" : Double.toString(value));
    }
}
