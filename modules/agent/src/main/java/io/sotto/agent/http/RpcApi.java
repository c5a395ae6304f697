package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.config.Durations;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.consul.ConsulCall;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.Nil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * {@code PUT /v1/agent/rpc/METHOD}: calls a method of the servers with the request's body as JSON. Ours; whoever reaches the API
 * could do the same by Consul's own API of any agent. Operations on keys are refused, as client agents refuse them.
 */
public final class RpcApi extends ApiPart {
    private static final Duration USUAL = Duration.ofSeconds(10);
    /** Less than an answer may take over HTTP. */
    private static final Duration LONGEST = Duration.ofSeconds(55);

    private static final String KEYRING = "Internal.KeyringOperation";

    private final String datacenter;
    private final RpcCaller servers;
    private final Supplier<String> defaultToken;

    /**
     * Calls any server.
     *
     * @param datacenter for requests that take one and name none
     * @param servers calls a server of this agent's datacenter
     * @param defaultToken goes with requests that have none; may be empty
     */
    public RpcApi(String datacenter, RpcCaller servers, Supplier<String> defaultToken) {
        this.datacenter = datacenter;
        this.servers = servers;
        this.defaultToken = defaultToken;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.putBody("v1/agent/rpc", Access.SERVERS, this::call));
    }

    private CompletionStage<Answer> call(Request request, String method) {
        Object tree;
        try {
            String body = new String(request.body().toArray(), StandardCharsets.UTF_8);
            tree = body.isBlank() ? Nil.NIL : RpcJson.tree(Json.parse(body));
        } catch (JsonException e) {
            return refused("Request decode failed: " + e.text());
        }
        if (method.equals(KEYRING)) {
            return Route.now(Answer.text(500, "keyring operations must run against a server node"));
        }
        Optional<Duration> timeout = request.says("timeout")
                ? request.parameter("timeout").flatMap(Durations::parse).filter(time -> !time.isZero())
                : Optional.of(USUAL);
        if (timeout.isEmpty()) {
            return refused("timeout is not a duration such as 5s");
        }
        String token = request.token().map(shown -> shown.secret()).orElseGet(defaultToken);
        ConsulCall.Reading reading = ConsulCall.read(method, tree, datacenter, token);
        if (reading instanceof ConsulCall.Reading.Refused refused) {
            return refused(refused.reason());
        }
        ConsulCall call = ((ConsulCall.Reading.Ready) reading).call();
        Duration time = timeout.get().plus(call.waiting());
        if (time.compareTo(LONGEST) > 0) {
            return refused("an answer may take " + DebugConfig.duration(LONGEST) + " at most, not "
                    + DebugConfig.duration(time) + ": set a shorter MaxQueryTime or timeout");
        }
        CompletableFuture<RpcResult> asked = servers.call(new RpcRequest(method, call.body(), time));
        return (call.waiting().isZero() ? asked : request.callOff(asked))
                .thenApply(result -> answer(request, call, result));
    }

    private static Answer answer(Request request, ConsulCall call, RpcResult result) {
        if (!(result instanceof RpcResult.Answered answered)) {
            return RpcEnd.failed(result);
        }
        Decoding<Object> decoded = call.answer(answered.body());
        return decoded instanceof Decoding.Value<Object> value
                ? Answer.json(RpcJson.json(value.value()), request.layout())
                : Answer.text(500, "unreadable answer: " + ((Decoding.Undecodable<Object>) decoded).reason());
    }

    private static CompletionStage<Answer> refused(String reason) {
        return Route.now(Answer.text(400, "Bad request: " + reason));
    }
}
