package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.Map;

/** {@code sotto version}. */
final class VersionVerb implements Verb {
    @Override
    public String usage() {
        return """
            version [options]

              Shows the version of sotto and of the protocol it speaks.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet().value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        if (Verb.json(flags)) {
            console.out().println(Json.of(Map.of("version", Version.current())).pretty());
        } else {
            console.out().println("sotto v" + Version.current());
            console.out().println("Protocol 2 spoken by default, understands 2 to 3");
        }
        return Exit.DONE;
    }
}
