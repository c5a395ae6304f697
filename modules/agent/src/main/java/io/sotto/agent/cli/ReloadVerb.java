package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.List;

/** {@code sotto reload}. */
final class ReloadVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            reload [options]

              Makes a running agent read its configuration again and take up what can change while
              it runs: the key, encrypt_verify_incoming and _outgoing, labels, the timing of gossip, and
              the log level, all at once or, if there is any fault, nothing. Prints what changed and
              what takes effect only after a restart.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet());
    }

    @Override
    public String failure() {
        return "Error reloading";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UnreachableException {
        ApiClient.Reply reply = api.put("/v1/agent/reload?report");
        if (!reply.good()) {
            return failed(reply, console);
        }
        console.out().println("Configuration reload triggered");
        // Consul's agents answer with nothing.
        if (!reply.body().isBlank()) {
            try {
                report(Json.parse(reply.body()), console);
            } catch (JsonException e) {
                console.err().println(failure() + ": " + e.getMessage());
                return Exit.FAILED;
            }
        }
        return Exit.DONE;
    }

    private static void report(Json report, Console console) throws JsonException {
        List<String> changed = texts(report.get("Changed"));
        List<String> afterRestart = texts(report.get("AfterRestart"));
        changed.forEach(change -> console.out().println("  changed: " + change));
        afterRestart.forEach(name -> console.out().println("  needs a restart: " + name));
        texts(report.get("Remarks")).forEach(remark -> console.out().println("  " + remark));
        if (changed.isEmpty() && afterRestart.isEmpty()) {
            console.out().println("  nothing changed");
        }
    }

    private static List<String> texts(Json list) throws JsonException {
        List<String> texts = new ArrayList<>();
        for (Json element : list.asElements()) {
            texts.add(element.asText());
        }
        return texts;
    }
}
