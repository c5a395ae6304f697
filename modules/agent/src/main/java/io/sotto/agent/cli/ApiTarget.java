package io.sotto.agent.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent that a verb asks, and as whom: an address, a token, and how to speak TLS.
 *
 * @param address where its HTTP API is
 * @param token the secret that is shown; empty: none
 * @param tls for an address of HTTPS
 */
record ApiTarget(ApiAddress address, String token, ApiTls tls) {
    private static final int TOKEN_MAX_CHARS = 4_096;

    ApiTarget {
        if (token.length() > TOKEN_MAX_CHARS || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a token is a word of printable ASCII characters");
        }
    }

    /** From flags, else from {@code SOTTO_*}, else from {@code CONSUL_*}. */
    static ApiTarget find(ParsedFlags flags, Map<String, String> environment) throws UsageException {
        ApiAddress address = ApiAddress.find(flags, environment);
        ApiTls tls = address.isSecure() ? ApiTls.find(flags, environment) : none();
        try {
            return new ApiTarget(address, token(flags, environment), tls);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static ApiTls none() {
        return new ApiTls(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), true);
    }

    /** A file wins over a word at the same place, as with the real tool. */
    private static String token(ParsedFlags flags, Map<String, String> environment) throws UsageException {
        String file = flags.value("token-file", "");
        if (!file.isEmpty()) {
            return read(file);
        }
        String given = flags.value("token", "");
        if (!given.isEmpty()) {
            return given;
        }
        Optional<String> named = Variables.find(environment, "HTTP_TOKEN_FILE");
        if (named.isPresent()) {
            return read(named.get());
        }
        return Variables.find(environment, "HTTP_TOKEN").orElse("");
    }

    private static String read(String file) throws UsageException {
        try (var in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(TOKEN_MAX_CHARS + 2), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UsageException("Error loading token file " + file + ": "
                    + (Files.exists(Path.of(file)) ? "it cannot be read" : "no such file or directory"));
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "ApiTarget[" + address + "]";
    }
}
