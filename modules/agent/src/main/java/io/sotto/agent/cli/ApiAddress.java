package io.sotto.agent.cli;

import java.util.Map;

/**
 * Where an agent's HTTP API is.
 *
 * @param host a name or a literal address, IPv6 without brackets
 * @param port 1 to 65535
 * @param isSecure whether it speaks TLS
 */
record ApiAddress(String host, int port, boolean isSecure) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int DEFAULT_PORT = 8500;
    private static final int DEFAULT_SECURE_PORT = 8501;
    private static final String SECURE = "https://";

    /** The flag's address, else that of {@code SOTTO_HTTP_ADDR} or {@code CONSUL_HTTP_ADDR}, else the default. */
    static ApiAddress find(ParsedFlags flags, Map<String, String> environment) throws UsageException {
        String text =
                Variables.find(flags, "http-addr", environment, "HTTP_ADDR").orElse(LOOPBACK);
        boolean secured = Variables.isOn(environment, "HTTP_SSL").orElse(false);
        return parse(secured && !text.contains("://") ? SECURE + text : text);
    }

    static ApiAddress parse(String text) throws UsageException {
        String rest = text;
        boolean isSecure = rest.startsWith(SECURE);
        if (rest.startsWith("http://") || isSecure) {
            rest = rest.substring(rest.indexOf("//") + 2);
        } else if (rest.startsWith("unix://")) {
            throw new UsageException("HTTP address \"" + text + "\": sotto speaks TCP only");
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
        int port = isSecure ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
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
        return new ApiAddress(host.isEmpty() ? LOOPBACK : host, port, isSecure);
    }

    /** As it stands in a URL. */
    String url() {
        return (isSecure ? SECURE : "http://") + this;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
