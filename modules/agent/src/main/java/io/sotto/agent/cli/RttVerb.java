package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.membership.coordinate.Coordinate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code sotto rtt}: the round trip between two members, estimated from network coordinates. */
final class RttVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            rtt [options] node1 [node2]

              Estimates the round trip time between two members from the coordinates that they
              have found for themselves. Without node2, to the agent's own node.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet().value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error getting coordinates";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        List<String> nodes = flags.arguments();
        if (nodes.isEmpty() || nodes.size() > 2) {
            return missing("One or two node names must be specified", console);
        }
        ApiClient.Reply listed = api.get("/v1/coordinate/nodes");
        ApiClient.Reply self = nodes.size() == 2 ? listed : api.get("/v1/agent/self");
        if (!listed.good() || !self.good()) {
            return failed(listed.good() ? self : listed, console);
        }
        try {
            String from = nodes.get(0);
            String to = nodes.size() == 2
                    ? nodes.get(1)
                    : Json.parse(self.body()).get("Config").get("NodeName").asText();
            Json coordinates = Json.parse(listed.body());
            Optional<Coordinate> a = find(coordinates, from);
            Optional<Coordinate> b = find(coordinates, to);
            if (a.isEmpty() || b.isEmpty()) {
                console.err().println("Could not find a coordinate for node \"" + (a.isEmpty() ? from : to) + "\"");
                return Exit.FAILED;
            }
            String millis = String.format(
                    Locale.ROOT, "%.3f", a.get().distanceTo(b.get()).toNanos() / 1e6);
            if (json) {
                Map<String, Json> result = new LinkedHashMap<>();
                result.put("from", Json.of(from));
                result.put("to", Json.of(to));
                result.put("rtt_ms", new Json.Numeral(millis));
                console.out().println(new Json.Fields(result).pretty());
            } else {
                console.out()
                        .println(
                                "Estimated " + from + " <-> " + to + " rtt: " + millis + " ms (using LAN coordinates)");
            }
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }

    private static Optional<Coordinate> find(Json coordinates, String node) {
        for (Json entry : coordinates.asElements()) {
            if (entry.get("Node").asText().equals(node)) {
                Json found = entry.get("Coord");
                double[] vector = found.get("Vec").asElements().stream()
                        .mapToDouble(RttVerb::number)
                        .toArray();
                return Optional.of(Coordinate.of(
                        vector,
                        number(found.get("Error")),
                        number(found.get("Adjustment")),
                        number(found.get("Height"))));
            }
        }
        return Optional.empty();
    }

    private static double number(Json json) {
        return json instanceof Json.Numeral numeral ? Double.parseDouble(numeral.literal()) : 0;
    }
}
