package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code sotto rpc call}: calls a method of the datacenter's servers through a running agent. */
final class RpcVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            rpc call [options] METHOD [JSON]

              Calls a method of the datacenter's servers, such as Catalog.ListNodes, through a
              running agent and prints the answer as JSON. JSON has the fields of the request by
              their names on the wire, bytes in base64, durations as "10s"; what it leaves out is
              zero, and Datacenter the agent's own. A method that is not known is answered with
              the list of those that are.""";
    }

    @Override
    public Choices arguments() {
        return Choices.of("call");
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .value("timeout", "duration", "How long to wait for the answer, such as 30s. Default 10s.")
                .value("format", "text|json", "How to print; json is one line. Default text."));
    }

    @Override
    public String failure() {
        return "Error calling";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        List<String> words = flags.arguments();
        if (words.isEmpty() || !words.get(0).equals("call")) {
            return missing("The one thing to do is: call", console);
        }
        if (words.size() < 2 || words.size() > 3) {
            return missing("A method must be specified, and at most one request.", console);
        }
        StringBuilder query = new StringBuilder();
        if (flags.has("timeout")) {
            EventVerb.parameter(query, "timeout", flags.value("timeout", ""));
        }
        String request = words.size() > 2 ? words.get(2) : "";
        ApiClient.Reply reply = api.put(
                "/v1/agent/rpc/" + ClientVerb.segment(words.get(1)) + query, request.getBytes(StandardCharsets.UTF_8));
        if (!reply.good()) {
            return failed(reply, console);
        }
        try {
            Json answer = Json.parse(reply.body());
            console.out().println(json ? answer.compact() : answer.pretty());
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        return Exit.DONE;
    }
}
