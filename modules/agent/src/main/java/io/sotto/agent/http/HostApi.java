package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.json.Json;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code /v1/agent/host}: the machine that the agent runs on, as far as Linux tells under {@code /proc}. What a real agent finds
 * out besides is not there. Source: agent behaviour, section 7.
 */
public final class HostApi extends ApiPart {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final HostFacts host;
    private final Executor blocking;
    private final InstantSource clock;

    /** @param blocking reads files */
    public HostApi(HostFacts host, Executor blocking, InstantSource clock) {
        this.host = host;
        this.blocking = blocking;
        this.clock = clock;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.getLater(
                "v1/agent/host",
                Access.OPERATOR_READ,
                request -> CompletableFuture.supplyAsync(() -> Answer.json(shape(), request.layout()), blocking)));
    }

    private Json shape() {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Memory", host.memory());
        fields.put("CPU", host.processors());
        fields.put("Host", host.system());
        fields.put("Disk", host.disk());
        var now = clock.instant();
        fields.put("CollectionTime", Json.of(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano()));
        fields.put("Errors", Json.Nothing.INSTANCE);
        return new Json.Fields(fields);
    }
}
