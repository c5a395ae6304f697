package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A verb in Nomad's spelling, which asks an agent of profile {@code nomad} or one of Nomad itself where those are: at {@code
 * -address}, else the environment's {@code NOMAD_ADDR}, else port 4646 of this machine. Source: Nomad specification, section 2.
 */
interface NomadClientVerb extends ClientVerb {
    String USUAL = "http://127.0.0.1:4646";

    static FlagSet flags(FlagSet set) {
        return ClientVerb.flags(
                set.value("address", "url", "The agent's HTTP API. Default: NOMAD_ADDR, or " + USUAL + "."));
    }

    @Override
    default int run(ParsedFlags flags, Console console) throws UsageException {
        Map<String, String> environment = new HashMap<>(console.environment());
        String token = environment.getOrDefault("NOMAD_TOKEN", "");
        if (!token.isEmpty()) {
            environment.put("SOTTO_HTTP_TOKEN", token);
        }
        List<ParsedFlags.Given> given = new ArrayList<>(flags.given());
        if (!flags.has("http-addr")) {
            String address = flags.value("address", environment.getOrDefault("NOMAD_ADDR", USUAL));
            given.add(new ParsedFlags.Given("http-addr", address));
        }
        return ClientVerb.super.run(
                new ParsedFlags(given, flags.arguments(), flags.help()),
                new Console(console.out(), console.err(), environment, console.in()));
    }
}
