package io.sotto.agent.cli;

import io.sotto.agent.access.RulesException;
import io.sotto.agent.access.TokenDesk;
import io.sotto.agent.access.TokenFileException;
import io.sotto.agent.config.Durations;
import io.sotto.agent.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code sotto acl token create}. */
final class AclTokenCreateVerb implements Verb {
    private static final int RULES_MAX_BYTES = 1 << 18;

    @Override
    public String usage() {
        return """
            acl token create -data-dir PATH [options]

              Makes a token and prints its secret, which is shown this once and kept nowhere. What it
              may do its rules say, in Consul's words:

                -rules 'agent_prefix "" { policy = "read" } node_prefix "" { policy = "read" }'""";
    }

    @Override
    public FlagSet flags() {
        return AclVerbs.ofDirectory(new FlagSet())
                .value("description", "text", "What it is for.")
                .value("rules", "rules", "What it may do, in HCL or JSON; @FILE reads a file.")
                .toggle("management", "It may do everything.")
                .value("expires-ttl", "duration", "For how long it is good, such as 24h. Default: for ever.")
                .value("secret-file", "path", "Writes the secret there, for its owner only, instead of showing it.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        TokenDesk desk = AclVerbs.desk(flags);
        boolean management = flags.on("management");
        if (management == flags.has("rules")) {
            throw new UsageException("a token takes either -rules or -management");
        }
        ThisMachine machine = ThisMachine.here();
        Optional<Instant> expires = expires(flags, machine.now());
        try {
            TokenDesk.Made made = desk.create(
                    flags.value("description", ""), rules(flags), management, expires, machine.random(), machine.now());
            Map<String, Json> shown = new LinkedHashMap<>();
            shown.put("AccessorID", Json.of(made.accessor()));
            if (flags.has("secret-file")) {
                CertificateFiles.here()
                        .writeKey(
                                flags.value("secret-file", ""),
                                (made.secret().secret() + "\n").getBytes(StandardCharsets.US_ASCII));
            } else {
                shown.put("SecretID", Json.of(made.secret().secret()));
            }
            shown.put("ExpirationTime", Json.of(expires.map(Instant::toString).orElse("")));
            print(shown, json, console);
            return Exit.DONE;
        } catch (RulesException e) {
            console.err().println("Error in rules: " + e.text());
        } catch (TokenFileException e) {
            console.err().println("Error creating token: " + e.text());
        } catch (CertificateFiles.Fault e) {
            console.err().println("Error writing the secret: " + e.text());
        }
        return Exit.FAILED;
    }

    private static void print(Map<String, Json> shown, boolean json, Console console) {
        if (json) {
            console.out().println(new Json.Fields(shown).pretty());
            return;
        }
        shown.forEach((name, value) -> {
            if (!value.asText().isEmpty()) {
                console.out().println(String.format(Locale.ROOT, "%-16s %s", name + ":", value.asText()));
            }
        });
    }

    private static Optional<Instant> expires(ParsedFlags flags, Instant now) throws UsageException {
        if (!flags.has("expires-ttl")) {
            return Optional.empty();
        }
        String text = flags.value("expires-ttl", "");
        Optional<Duration> ttl = Durations.parse(text).filter(time -> !time.isZero() && !time.isNegative());
        if (ttl.isEmpty()) {
            throw new UsageException("invalid value \"" + text + "\" for flag -expires-ttl: write such as 24h");
        }
        return ttl.map(now::plus);
    }

    private static String rules(ParsedFlags flags) throws UsageException {
        String given = flags.value("rules", "");
        if (!given.startsWith("@")) {
            return given;
        }
        Path file = Path.of(given.substring(1));
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(RULES_MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("Error loading rules: " + file
                    + (Files.exists(file) ? " cannot be read" : ": no such file or directory"));
        }
    }
}
