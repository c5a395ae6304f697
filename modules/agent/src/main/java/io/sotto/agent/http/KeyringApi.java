package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.wire.crypto.GossipKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /v1/operator/keyring}: lists, installs, uses and removes keys on all members of the LAN pool, in Consul's shapes and
 * words; {@code /v1/operator/keyring/status}, which is ours, tells who holds which key, by ids.
 *
 * <p>An agent of any profile asks its pool, where Consul's clients refuse. A key that is none is refused here, in the words
 * in which every member would. Source: agent specification, section 6; golden/http-keyring.
 */
public final class KeyringApi extends ApiPart {
    private static final String PATH = "v1/operator/keyring";
    private static final int RELAY_FACTOR_MAX = 5;

    private final Pool pool;
    private final KeyringShapes shapes;

    /** A request that cannot be; the message goes to the client. */
    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1L;

        BadRequest(String message) {
            super("Bad request: " + message);
        }
    }

    /** An operation on the keys of all members, with the relay factor. */
    private interface Operation {
        CompletionStage<KeyringReport> on(GossipKey key, int relayFactor);
    }

    /**
     * @param datacenter how answers name the pool
     * @param self this node's name
     */
    public KeyringApi(Pool pool, String datacenter, String self) {
        this.pool = pool;
        this.shapes = new KeyringShapes(datacenter, self);
    }

    @Override
    protected List<Route> routes() {
        ClusterKeyring keyring = pool.clusterKeyring();
        return List.of(
                Route.any("GET", PATH, Access.KEYRING_READ, this::list),
                Route.any("POST", PATH, Access.KEYRING_WRITE, request -> change(request, keyring::install)),
                Route.any("PUT", PATH, Access.KEYRING_WRITE, request -> change(request, keyring::use)),
                Route.any("DELETE", PATH, Access.KEYRING_WRITE, request -> change(request, keyring::remove)),
                Route.any("GET", PATH + "/status", Access.KEYRING_READ, this::status));
    }

    /** Who did not answer, or could not, is part of what is told. */
    private CompletionStage<Answer> status(Request request) {
        return pool.clusterKeyring()
                .status()
                .thenApply(report -> report.refused()
                        .map(reason -> Answer.text(500, shapes.failure(reason)))
                        .orElseGet(() -> Answer.json(shapes.status(report), request.layout())));
    }

    private CompletionStage<Answer> list(Request request) {
        int relayFactor;
        try {
            relayFactor = relayFactor(request);
            localOnly(request);
        } catch (BadRequest e) {
            return Route.now(Answer.text(400, String.valueOf(e.getMessage())));
        }
        // There is one pool: a list that is to stay in the datacenter is the same one.
        return answer(
                pool.clusterKeyring().list(relayFactor), report -> Answer.json(shapes.list(report), request.layout()));
    }

    private CompletionStage<Answer> change(Request request, Operation operation) {
        String text;
        int relayFactor;
        try {
            text = key(request);
            relayFactor = relayFactor(request);
            if (localOnly(request)) {
                throw new BadRequest("Invalid use of local-only: local-only can only be set for list requests");
            }
        } catch (BadRequest e) {
            return Route.now(Answer.text(400, String.valueOf(e.getMessage())));
        }
        GossipKey key;
        try {
            key = GossipKey.parse(text);
        } catch (IllegalArgumentException e) {
            return Route.now(Answer.text(500, noKey(String.valueOf(e.getMessage()))));
        }
        return answer(operation.on(key, relayFactor), report -> Answer.empty());
    }

    /** What is no base64 fails before anybody is asked; of a wrong length, each member would refuse it. */
    private String noKey(String reason) {
        return reason.startsWith("illegal base64")
                ? shapes.failure(reason)
                : shapes.failure(
                        pool.members().stream()
                                .filter(member -> member.status() == Member.Status.ALIVE)
                                .map(Member::name)
                                .toList(),
                        reason);
    }

    private CompletionStage<Answer> answer(CompletionStage<KeyringReport> asked, Function<KeyringReport, Answer> good) {
        return asked.thenApply(report ->
                shapes.failure(report).map(text -> Answer.text(500, text)).orElseGet(() -> good.apply(report)));
    }

    private static String key(Request request) throws BadRequest {
        try {
            String body = new String(request.body().toArray(), StandardCharsets.UTF_8);
            if (body.isBlank()) {
                throw new BadRequest("Request decode failed: EOF");
            }
            return Json.parse(body).get("Key").asText();
        } catch (JsonException e) {
            // What was sent may hold a key: of its words only those of the parser are told, without the line.
            throw new BadRequest("Request decode failed: " + e.text());
        }
    }

    private static int relayFactor(Request request) throws BadRequest {
        String text = request.parameter("relay-factor").orElse("");
        if (text.isEmpty()) {
            return 0;
        }
        int factor;
        try {
            factor = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("Error parsing relay factor: strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
        if (factor < 0 || factor > RELAY_FACTOR_MAX) {
            throw new BadRequest("Invalid relay-factor: Relay factor must be in range: [0, " + RELAY_FACTOR_MAX + "]");
        }
        return factor;
    }

    private static boolean localOnly(Request request) throws BadRequest {
        String text = request.parameter("local-only").orElse("");
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "", "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new BadRequest(
                        "Error parsing local-only: strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
        };
    }
}
