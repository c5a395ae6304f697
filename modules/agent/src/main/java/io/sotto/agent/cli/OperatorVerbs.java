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

                operator area        network areas, which sotto does not have: what to use instead

              One verb: sotto operator area -h""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException("operator takes area");
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("area", AreaVerb::new);
        return verbs;
    }
}
