package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code sotto upshift tls enrol}: has this node's agent get its certificate with a one-time token. */
final class EnrolVerb implements ClientVerb {
    private static final String PATH = "/v1/operator/upshift/tls/enrol";

    @Override
    public String usage() {
        return """
            upshift tls enrol -join-token FILE [options]

              Has the agent of this node make a key and get a certificate for it, with a one-time
              token of "sotto upshift tls token". The key stays on this node, under the agent's
              data-dir; the connection need not be secure, for the token shows both sides who the
              other is. The agent uses the certificate at once, and after restarts.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .value("join-token", "path", "The file that holds the token; - for standard input.")
                .value(
                        "at",
                        "host:port",
                        "Where the authority's agent takes calls. Default: as the member that the token names says.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error enrolling this node";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (!flags.has("join-token")) {
            throw new UsageException("upshift tls enrol needs -join-token, the file that holds the token, or -");
        }
        if (!flags.arguments().isEmpty()) {
            throw new UsageException(
                    "upshift tls enrol takes no arguments: " + flags.arguments().get(0));
        }
        String file = flags.value("join-token", "-");
        Map<String, Json> body = new LinkedHashMap<>();
        body.put("Token", Json.of(GivenKey.read(file.equals("-") ? file : "@" + file, console)));
        body.put("At", Json.of(flags.has("at") ? address(flags.value("at", "")) : ""));
        ApiClient.Reply reply = api.put(PATH, new Json.Fields(body).compact().getBytes(StandardCharsets.UTF_8));
        if (!reply.good()) {
            return UpshiftEnd.refused(this, reply, console);
        }
        try {
            Json enrolled = Json.parse(reply.body());
            console.out().println(json ? enrolled.compact() : text(enrolled));
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": the answer cannot be read");
            return Exit.FAILED;
        }
    }

    private static String text(Json enrolled) throws JsonException {
        StringBuilder names = new StringBuilder();
        for (Json name : enrolled.get("Names").asElements()) {
            names.append(names.isEmpty() ? "" : ", ").append(name.asText());
        }
        String remark = enrolled.get("Remark").asText();
        return """
            Enrolled: %s
              until        %s
              certificate  %s
              key          %s
              authority    %s%s""".formatted(
                        names,
                        enrolled.get("NotAfter").asText(),
                        enrolled.get("Certificate").asText(),
                        enrolled.get("Key").asText(),
                        enrolled.get("Authority").asText(),
                        remark.isEmpty() ? "" : "\n" + remark);
    }

    /** Looked up here, so that the agent need not. */
    private static String address(String given) throws UsageException {
        int colon = given.lastIndexOf(':');
        try {
            String host = colon < 0 ? "" : given.substring(0, colon).replaceAll("^\\[|]$", "");
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(given.substring(colon + 1)));
            if (host.isEmpty() || address.isUnresolved()) {
                throw new UsageException("-at: no such host: " + given);
            }
            String ip = address.getAddress().getHostAddress();
            return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + address.getPort();
        } catch (IllegalArgumentException e) {
            throw new UsageException("-at takes host:port, not " + given);
        }
    }
}
