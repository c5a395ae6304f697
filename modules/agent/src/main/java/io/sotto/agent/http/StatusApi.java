package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /v1/status/leader} and {@code /v1/status/peers}: what the servers of a datacenter say of themselves. Source: agent
 * behaviour, section 7; golden/noleader-signals-reload.
 */
public final class StatusApi extends ApiPart {
    private static final Duration CALL_TIME = Duration.ofSeconds(10);

    private final String datacenter;
    private final RpcCaller servers;

    /**
     * Answers from any server.
     *
     * @param datacenter this agent's, for requests that name none
     * @param servers calls a server of this agent's datacenter, which forwards what is for another
     */
    public StatusApi(String datacenter, RpcCaller servers) {
        this.datacenter = datacenter;
        this.servers = servers;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.getLater(
                        "v1/status/leader",
                        Access.OPEN,
                        request -> answer(request, consul(request).leader(), Json::of)),
                Route.getLater(
                        "v1/status/peers",
                        Access.OPEN,
                        request -> answer(request, consul(request).peers(), Json::of)));
    }

    private ConsulRpc consul(Request request) {
        String wanted = request.parameter("dc").filter(dc -> !dc.isEmpty()).orElse(datacenter);
        return ConsulRpc.create(servers, wanted, CALL_TIME);
    }

    private static <T> CompletionStage<Answer> answer(
            Request request, CompletionStage<RpcOutcome<T>> asked, Function<T, Json> shape) {
        return asked.thenApply(outcome -> {
            if (outcome instanceof RpcOutcome.Answer<T> answer) {
                return Answer.json(shape.apply(answer.value()), request.layout());
            }
            return outcome instanceof RpcOutcome.NoAnswer<T> end
                    ? RpcEnd.failed(end.result())
                    : Answer.text(500, "rpc error making call: " + ((RpcOutcome.Unreadable<T>) outcome).reason());
        });
    }
}
