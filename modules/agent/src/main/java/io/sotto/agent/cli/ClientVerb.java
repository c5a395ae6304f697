package io.sotto.agent.cli;

import java.nio.charset.StandardCharsets;

/** A verb that asks a running agent. */
interface ClientVerb extends Verb {
    /** What failed, as the real tool begins its line: {@code Error retrieving members}. */
    String failure();

    int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException;

    @Override
    default int run(ParsedFlags flags, Console console) throws UsageException {
        ApiTarget target = ApiTarget.find(flags, console.environment());
        try {
            return run(flags, console, new ApiClient(target));
        } catch (UnreachableException e) {
            console.err().println(failure() + ": " + e.text());
            console.err()
                    .println(
                            e.mend().isEmpty()
                                    ? "Is an agent running at " + target.address()
                                            + "? Start one with: sotto agent -dev, or name another with -http-addr."
                                    : e.mend());
            return Exit.UNREACHABLE;
        }
    }

    /** Prints a failed answer and gives the exit code for it. */
    default int failed(ApiClient.Reply reply, Console console) {
        console.err().println(failure() + ": " + reply.fault());
        return Exit.FAILED;
    }

    /** Prints what is missing on the command line, then the usage, as the real tool does. */
    default int missing(String what, Console console) {
        console.err().println(what);
        console.err().println();
        console.err().println(help());
        return Exit.FAILED;
    }

    static FlagSet flags(FlagSet set) {
        return set.value(
                        "http-addr",
                        "address",
                        "The agent's HTTP API, host:port or https://host:port. Default: SOTTO_HTTP_ADDR,"
                                + " CONSUL_HTTP_ADDR, or 127.0.0.1:8500.")
                .value("token-file", "path", "A file that holds the token to show. Default: SOTTO_HTTP_TOKEN_FILE.")
                .value(
                        "token",
                        "secret",
                        "The token itself, which other users of this machine can see then. Default: SOTTO_HTTP_TOKEN.")
                .value("ca-file", "path", "Trusted authorities, for HTTPS. Default: SOTTO_CACERT.")
                .value("ca-path", "path", "A directory of such files. Default: SOTTO_CAPATH.")
                .value("client-cert", "path", "Our certificate, for an agent that asks. Default: SOTTO_CLIENT_CERT.")
                .value("client-key", "path", "Its key. Default: SOTTO_CLIENT_KEY.")
                .value(
                        "tls-server-name",
                        "name",
                        "The name that the agent's certificate holds. Default: that of the address.");
    }

    /** Percent-encodes one path segment. */
    static String segment(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c < 128 && Character.isLetterOrDigit(c)) || "-._~:".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }
}
