package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Token;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.Pool;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.wire.rpc.consul.Internal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /v1/operator/keyring}: lists, installs, uses and removes keys on all members of the LAN pool, and for a member of a WAN
 * pool on that and on the LAN pools of all datacenters, in Consul's shapes and words; {@code /v1/operator/keyring/status}, which is ours, tells who holds which key, by ids.
 *
 * <p>An agent of any profile asks its pool, where Consul's clients refuse. Source: agent specification, section 6; golden/http-keyring.
 */
public final class KeyringApi extends ApiPart {
    private static final String PATH = "v1/operator/keyring";
    private static final int RELAY_FACTOR_MAX = 5;

    private final DatacenterKeyrings keyrings;
    private final Pool lan;
    private final Optional<Pool> wan;
    private final KeyringShapes shapes;

    /** A request that cannot be; the message goes to the client. */
    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1L;

        BadRequest(String message) {
            super("Bad request: " + message);
        }
    }

    /**
     * The keys of one agent's pools.
     *
     * @param keyrings the keys of all pools that this agent reaches
     * @param wan the WAN pool, if this agent is a member of one
     * @param datacenter this agent's
     * @param self this node's name in the LAN pool
     */
    public KeyringApi(DatacenterKeyrings keyrings, Pool lan, Optional<Pool> wan, String datacenter, String self) {
        this.keyrings = keyrings;
        this.lan = lan;
        this.wan = wan;
        this.shapes = new KeyringShapes(datacenter, self);
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.any("GET", PATH, Access.KEYRING_READ, this::list),
                Route.any(
                        "POST", PATH, Access.KEYRING_WRITE, request -> change(request, Internal.KeyringAction.INSTALL)),
                Route.any("PUT", PATH, Access.KEYRING_WRITE, request -> change(request, Internal.KeyringAction.USE)),
                Route.any(
                        "DELETE",
                        PATH,
                        Access.KEYRING_WRITE,
                        request -> change(request, Internal.KeyringAction.REMOVE)),
                Route.any("GET", PATH + "/status", Access.KEYRING_READ, this::status));
    }

    /** Who did not answer, or could not, is part of what is told. */
    private CompletionStage<Answer> status(Request request) {
        Optional<Pool> pool = Wan.asked(request, lan, wan);
        if (pool.isEmpty()) {
            return Route.now(Answer.text(500, Wan.NONE));
        }
        boolean isOfWan = request.says("wan");
        return pool.get()
                .clusterKeyring()
                .status()
                .thenApply(report -> report.refused()
                        .map(reason -> Answer.text(500, shapes.failure(isOfWan, reason)))
                        .orElseGet(() -> Answer.json(shapes.status(report), request.layout())));
    }

    private CompletionStage<Answer> list(Request request) {
        int relayFactor;
        boolean isLocal;
        try {
            relayFactor = relayFactor(request);
            isLocal = localOnly(request);
        } catch (BadRequest e) {
            return Route.now(Answer.text(400, String.valueOf(e.getMessage())));
        }
        DatacenterKeyrings.Task task =
                new DatacenterKeyrings.Task(Internal.KeyringAction.LIST, "", relayFactor, token(request));
        return answer(
                task.action(),
                isLocal ? keyrings.here(task) : keyrings.everywhere(task),
                answers -> Answer.json(shapes.list(answers), request.layout()));
    }

    private CompletionStage<Answer> change(Request request, Internal.KeyringAction action) {
        DatacenterKeyrings.Task task;
        try {
            task = new DatacenterKeyrings.Task(action, key(request), relayFactor(request), token(request));
            if (localOnly(request)) {
                throw new BadRequest("Invalid use of local-only: local-only can only be set for list requests");
            }
        } catch (BadRequest e) {
            return Route.now(Answer.text(400, String.valueOf(e.getMessage())));
        }
        return answer(action, keyrings.everywhere(task), answers -> Answer.empty());
    }

    private CompletionStage<Answer> answer(
            Internal.KeyringAction action,
            CompletionStage<List<Internal.KeyringAnswer>> asked,
            Function<List<Internal.KeyringAnswer>, Answer> good) {
        return asked.thenApply(answers -> shapes.failure(action, answers)
                .map(text -> Answer.text(500, text))
                .orElseGet(() -> good.apply(answers)));
    }

    /** For the access control lists of other datacenters. */
    private static String token(Request request) {
        return request.token().map(Token::secret).orElse("");
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
