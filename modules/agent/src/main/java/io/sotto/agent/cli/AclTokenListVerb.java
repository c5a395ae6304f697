package io.sotto.agent.cli;

import io.sotto.agent.access.TokenDesk;
import io.sotto.agent.access.TokenFileException;
import io.sotto.agent.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code sotto acl token list}. */
final class AclTokenListVerb implements Verb {
    @Override
    public String usage() {
        return """
            acl token list -data-dir PATH [options]

              Shows the tokens that an agent keeps, without their secrets, which are kept nowhere.""";
    }

    @Override
    public FlagSet flags() {
        return AclVerbs.ofDirectory(new FlagSet()).value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        List<TokenDesk.Shown> tokens;
        try {
            tokens = AclVerbs.desk(flags).list();
        } catch (TokenFileException e) {
            console.err().println("Error reading tokens: " + e.text());
            return Exit.FAILED;
        }
        if (json) {
            console.out()
                    .println(new Json.Elements(
                                    tokens.stream().map(AclTokenListVerb::json).toList())
                            .pretty());
            return Exit.DONE;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("AccessorID", "Description", "Management", "Created", "Expires"));
        for (TokenDesk.Shown token : tokens) {
            lines.add(List.of(
                    token.accessor(),
                    token.description(),
                    String.valueOf(token.management()),
                    token.created().toString(),
                    token.expires().map(Instant::toString).orElse("never")));
        }
        console.out().print(Columns.format(lines));
        return Exit.DONE;
    }

    private static Json json(TokenDesk.Shown token) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("AccessorID", Json.of(token.accessor()));
        fields.put("Description", Json.of(token.description()));
        fields.put("Management", Json.of(token.management()));
        fields.put("Rules", Json.of(token.rules()));
        fields.put("CreateTime", Json.of(token.created().toString()));
        fields.put(
                "ExpirationTime", Json.of(token.expires().map(Instant::toString).orElse("")));
        return new Json.Fields(fields);
    }
}
