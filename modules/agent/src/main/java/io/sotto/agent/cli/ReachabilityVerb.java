package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code sotto reachability}: whether gossip of this agent reaches every member, and theirs comes back. */
final class ReachabilityVerb implements ClientVerb {
    private static final int ALIVE = 1;

    @Override
    public String usage() {
        return """
            reachability [options]

              Asks every member for an ack, by gossip and back, and names the live members that
              did not send one. Ends with 2 if there are such.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("verbose", "Print each ack as it comes.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error testing reachability";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        ApiClient.Reply listed = api.get("/v1/agent/members?segment=_all");
        if (!listed.good()) {
            return failed(listed, console);
        }
        Set<String> live = new TreeSet<>();
        int total = 0;
        try {
            for (Json member : Json.parse(listed.body()).asElements()) {
                total++;
                if (member.get("Status").asLong() == ALIVE) {
                    live.add(member.get("Name").asText());
                }
            }
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        if (!json) {
            console.out().println("Total members: " + total + ", live members: " + live.size());
            console.out().println("Starting reachability test...");
        }
        List<String> acks = new ArrayList<>();
        ApiClient.Reply asked = api.follow("PUT", "/v1/agent/query/_serf_ping", new byte[0], line -> {
            String from = ackFrom(line);
            if (!from.isEmpty()) {
                acks.add(from);
                if (!json && flags.on("verbose")) {
                    console.out().println("\tAck from '" + Terminal.printable(from) + "'");
                }
            }
        });
        if (!asked.good()) {
            return failed(asked, console);
        }
        Set<String> missing = new TreeSet<>(live);
        acks.forEach(missing::remove);
        if (json) {
            Map<String, Json> result = new LinkedHashMap<>();
            result.put("members", Json.of(total));
            result.put("live", Json.of(List.copyOf(live)));
            result.put("acked", Json.of(acks));
            result.put("missing", Json.of(List.copyOf(missing)));
            console.out().println(new Json.Fields(result).pretty());
        } else {
            missing.forEach(name -> console.out().println("No ack from '" + Terminal.printable(name) + "'"));
            console.out()
                    .println(
                            missing.isEmpty()
                                    ? "Successfully contacted all live nodes"
                                    : "Failed to contact " + missing.size() + " of " + live.size() + " live nodes");
        }
        return missing.isEmpty() ? Exit.DONE : Exit.PARTIAL;
    }

    private static String ackFrom(String line) {
        try {
            Json progress = Json.parse(line);
            return progress.get("Type").asText().equals("ack")
                    ? progress.get("From").asText()
                    : "";
        } catch (JsonException notProgress) {
            return "";
        }
    }
}
