package io.sotto.agent.cli;

import java.util.Map;
import java.util.function.Supplier;

/** {@code sotto server …}: verbs about the servers of a Nomad pool. */
final class ServerVerbs implements Verb {
    @Override
    public String usage() {
        return """
            server members [options]

              Lists the servers of a Nomad pool.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException("server takes members; a Consul server is: sotto agent -server");
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        return Map.of("members", ServerMembersVerb::new);
    }
}
