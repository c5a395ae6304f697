package io.sotto.agent.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code sotto operator …}: verbs for who runs the servers. */
final class OperatorVerbs implements Verb {
    @Override
    public String usage() {
        return """
            operator <verb> [options]

              For whoever runs the servers:

                operator gossip keyring generate         make a gossip key
                operator gossip keyring list             the gossip keys of a Nomad pool
                operator gossip keyring install KEY      and how they are changed
                operator gossip keyring use KEY
                operator gossip keyring remove KEY
                operator keygen, operator keyring        the same as older versions of Nomad spell it
                operator area                            network areas, which sotto does not have: what to use instead

              One verb: sotto operator area -h""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException("operator takes gossip keyring, keygen, keyring or area");
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("area", AreaVerb::new);
        verbs.put("gossip keyring generate", KeygenVerb::new);
        for (NomadKeyringVerb.Action action : NomadKeyringVerb.Action.values()) {
            verbs.put("gossip keyring " + action.word(), () -> NomadKeyringVerb.of(action));
        }
        verbs.put("keygen", KeygenVerb::new);
        verbs.put("keyring", NomadKeyringVerb::byFlags);
        return verbs;
    }
}
