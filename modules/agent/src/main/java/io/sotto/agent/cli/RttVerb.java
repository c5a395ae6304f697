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
              have found for themselves. Without node2, to the agent's own node. With -wan the
              members are servers of any datacenters, named node.datacenter.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("wan", "Use the coordinates of the WAN pool.")
                .value("format", "text|json", "How to print. Default text."));
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
        boolean isWan = flags.on("wan");
        ApiClient.Reply listed = api.get(isWan ? "/v1/coordinate/datacenters" : "/v1/coordinate/nodes");
        ApiClient.Reply self = nodes.size() == 2 ? listed : api.get("/v1/agent/self");
        if (!listed.good() || !self.good()) {
            return failed(listed.good() ? self : listed, console);
        }
        try {
            String from = nodes.get(0);
            String to = nodes.size() == 2
                    ? nodes.get(1)
                    : own(Json.parse(self.body()).get("Config"), isWan);
            if (isWan && !(isWide(from) && isWide(to))) {
                console.err().println("Node names must be specified as <node name>.<datacenter> with -wan");
                return Exit.FAILED;
            }
            Json coordinates = Json.parse(listed.body());
            Optional<Coordinate> a = isWan ? findWide(coordinates, from) : find(coordinates, from);
            Optional<Coordinate> b = isWan ? findWide(coordinates, to) : find(coordinates, to);
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
                        .println("Estimated " + from + " <-> " + to + " rtt: " + millis + " ms (using "
                                + (isWan ? "WAN" : "LAN") + " coordinates)");
            }
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }

    private static String own(Json config, boolean isWan) {
        String name = config.get("NodeName").asText();
        return isWan ? name + "." + config.get("Datacenter").asText() : name;
    }

    /** One dot, as the real verb has it. */
    private static boolean isWide(String node) {
        return node.indexOf('.') >= 0 && node.indexOf('.') == node.lastIndexOf('.');
    }

    private static Optional<Coordinate> findWide(Json datacenters, String wide) {
        int dot = wide.indexOf('.');
        for (Json datacenter : datacenters.asElements()) {
            if (datacenter.get("Datacenter").asText().equals(wide.substring(dot + 1))) {
                return find(datacenter.get("Coordinates"), wide.substring(0, dot));
            }
        }
        return Optional.empty();
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
