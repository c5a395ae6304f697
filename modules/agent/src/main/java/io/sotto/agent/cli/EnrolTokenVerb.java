package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code sotto upshift tls token}: has the agent that holds the authority's files make a one-time token for one node. */
final class EnrolTokenVerb implements ClientVerb {
    private static final String PATH = "/v1/operator/upshift/tls/token";

    @Override
    public String usage() {
        return """
            upshift tls token -node NAME [options]

              Makes a one-time token with which the node of that name gets its certificate: on the
              agent that has the authority's files (enrolment.ca-file, enrolment.ca-key-file). The
              token is a secret until it is used: carry it to the node, in a file that only its
              owner may read, and there run

                sotto upshift tls enrol -join-token FILE

              It prints the token alone, so that it can go into a file.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .value("node", "name", "The node that the token is for: letters, digits and dashes.")
                .toggle("server", "The node is a server of the datacenter, and its certificate is to prove that.")
                .value("ttl", "duration", "For how long the token is good. Default 1h.")
                .value("out", "path", "Write the token to this new file, mode 0600, instead of printing it.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error making a token";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (!flags.has("node")) {
            throw new UsageException("upshift tls token needs -node, the name of the node that it is for");
        }
        if (!flags.arguments().isEmpty()) {
            throw new UsageException(
                    "upshift tls token takes no arguments: " + flags.arguments().get(0));
        }
        Map<String, Json> body = new LinkedHashMap<>();
        body.put("Node", Json.of(flags.value("node", "")));
        body.put("Server", Json.of(flags.on("server")));
        body.put("TTL", Json.of(flags.value("ttl", "1h")));
        ApiClient.Reply reply = api.put(PATH, new Json.Fields(body).compact().getBytes(StandardCharsets.UTF_8));
        if (!reply.good()) {
            return UpshiftEnd.refused(this, reply, console);
        }
        try {
            Json token = Json.parse(reply.body());
            if (flags.has("out")) {
                String file = flags.value("out", "");
                new CertificateFiles(Path.of(""))
                        .writeKey(file, (token.get("Token").asText() + "\n").getBytes(StandardCharsets.US_ASCII));
                console.err().println("The token is in " + file + ".");
            } else {
                console.out()
                        .println(json ? token.compact() : token.get("Token").asText());
            }
            console.err()
                    .println("It is for " + token.get("Node").asText() + ", as a "
                            + (flags.on("server") ? "server" : "client") + ", once, until "
                            + token.get("Expires").asText()
                            + ". On that node: sotto upshift tls enrol -join-token FILE");
            return Exit.DONE;
        } catch (JsonException e) {
            console.err().println(failure() + ": the answer cannot be read");
            return Exit.FAILED;
        } catch (CertificateFiles.Fault e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
    }
}
