package io.sotto.agent.cli;

import io.sotto.agent.access.TokenDesk;
import io.sotto.agent.access.TokenFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code sotto acl …}: the verbs about tokens. */
final class AclVerbs implements Verb {
    @Override
    public String usage() {
        return """
            acl <verb> [options]

              Makes tokens for an agent's HTTP API, shows them, and takes them away. They are kept in
              the agent's data directory, without their secrets; a running agent takes a change up
              within seconds:

                acl token create     make a token
                acl token list       show the tokens
                acl token delete     take a token away

              One verb: sotto acl token create -h""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        throw new UsageException("acl takes token create, token list or token delete");
    }

    @Override
    public Map<String, Supplier<Verb>> below() {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("token create", AclTokenCreateVerb::new);
        verbs.put("token list", AclTokenListVerb::new);
        verbs.put("token delete", AclTokenDeleteVerb::new);
        return verbs;
    }

    /** The flag that all of them take. */
    static FlagSet ofDirectory(FlagSet set) {
        return set.value("data-dir", "path", "The agent's data directory.");
    }

    static TokenDesk desk(ParsedFlags flags) throws UsageException {
        String directory = flags.value("data-dir", "");
        if (directory.isEmpty()) {
            throw new UsageException("name the agent's data directory: -data-dir PATH");
        }
        return new TokenDesk(TokenFile.in(Path.of(directory)));
    }
}
