package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code sotto join address …}. */
final class JoinVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            join [options] address ...

              Tells a running agent to join the cluster by specifying at least one existing
              member: an address or a DNS name, with or without a port.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("wan", "Join the WAN pool; servers only.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error joining";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (flags.arguments().isEmpty()) {
            return missing("At least one address to join must be specified.", console);
        }
        int joined = 0;
        Map<String, Json> failures = new LinkedHashMap<>();
        for (String address : flags.arguments()) {
            ApiClient.Reply reply =
                    api.put("/v1/agent/join/" + ClientVerb.segment(address) + (flags.on("wan") ? "?wan=1" : ""));
            if (reply.good()) {
                joined++;
            } else {
                failures.put(address, Json.of(reply.fault()));
                console.err().println("Error joining address '" + address + "': " + reply.fault());
            }
        }
        if (json) {
            Map<String, Json> result = new LinkedHashMap<>();
            result.put("joined", Json.of(joined));
            result.put("failures", new Json.Fields(failures));
            console.out().println(new Json.Fields(result).pretty());
        }
        if (joined == 0) {
            console.err().println("Failed to join any nodes.");
            return Exit.FAILED;
        }
        if (!json) {
            console.out().println("Successfully joined cluster by contacting " + joined + " nodes.");
        }
        return failures.isEmpty() ? Exit.DONE : Exit.PARTIAL;
    }
}
