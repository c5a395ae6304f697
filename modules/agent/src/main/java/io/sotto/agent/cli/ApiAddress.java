package io.sotto.agent.cli;

import java.util.Map;

/**
 * Where an agent's HTTP API is.
 *
 * @param host a name or a literal address, IPv6 without brackets
 * @param port 1 to 65535
 */
record ApiAddress(String host, int port) {
    private static final String DEFAULT = "127.0.0.1:8500";
    private static final int DEFAULT_PORT = 8500;

    /** The flag's address, else that of {@code SOTTO_HTTP_ADDR} or {@code CONSUL_HTTP_ADDR}, else the default. */
    static ApiAddress find(ParsedFlags flags, Map<String, String> environment) throws UsageException {
        String text = flags.value("http-addr", "");
        if (text.isEmpty()) {
            text = environment.getOrDefault("SOTTO_HTTP_ADDR", "");
        }
        if (text.isEmpty()) {
            text = environment.getOrDefault("CONSUL_HTTP_ADDR", "");
        }
        return parse(text.isEmpty() ? DEFAULT : text);
    }

    static ApiAddress parse(String text) throws UsageException {
        String rest = text;
        if (rest.startsWith("http://")) {
            rest = rest.substring("http://".length());
        } else if (rest.startsWith("https://") || rest.startsWith("unix://")) {
            throw new UsageException("HTTP address \"" + text + "\": this version speaks plain HTTP over TCP only");
        }
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        int bracket = rest.lastIndexOf(']');
        int colon = rest.lastIndexOf(':');
        boolean hasPort = colon > bracket && (bracket >= 0 || rest.indexOf(':') == colon);
        String host = hasPort ? rest.substring(0, colon) : rest;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = DEFAULT_PORT;
        if (hasPort) {
            try {
                port = Integer.parseInt(rest.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
        }
        if (port < 1 || port > 65_535 || host.indexOf('/') >= 0) {
            throw new UsageException("HTTP address \"" + text + "\" is not host:port");
        }
        return new ApiAddress(host.isEmpty() ? "127.0.0.1" : host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
