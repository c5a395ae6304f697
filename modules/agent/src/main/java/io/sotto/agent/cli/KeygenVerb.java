package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.Map;

/** {@code sotto keygen}: one key, one line. */
final class KeygenVerb implements Verb {
    @Override
    public String usage() {
        return """
            keygen [options]

              Makes a gossip key: random bytes in standard base64, as -encrypt and the encrypt
              setting take them. Keep it in a file that only the agent can read.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .value("bytes", "16|24|32", "Length of the key: AES-128, AES-192 or AES-256. Default 32.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        int lengthBytes = switch (flags.value("bytes", "32")) {
            case "16" -> 16;
            case "24" -> 24;
            case "32" -> 32;
            default ->
                throw new UsageException(
                        "invalid value \"" + flags.value("bytes", "") + "\" for flag -bytes: use 16, 24 or 32");
        };
        boolean json = Verb.json(flags);
        String key = KeyMaker.base64(lengthBytes);
        console.out().println(json ? Json.of(Map.of("key", key)).pretty() : key);
        return Exit.DONE;
    }
}
