package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code GET /v1/events}: how the agent and its pool are, and then every change, as server-sent events until the client goes.
 * Source: ours; Consul has no such route.
 */
public final class WatchApi extends ApiPart {
    /** Below the patience of proxies with silent connections; a comment, which readers skip. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final ByteString COMMENT = ByteString.fromString(": \n\n");
    /** How soon a browser comes again after the connection ended. */
    private static final ByteString RETRY = ByteString.fromString("retry: 2000\n\n");

    private static final int UNAVAILABLE = 503;

    private final PoolWatch watch;

    public WatchApi(PoolWatch watch) {
        this.watch = watch;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.get("v1/events", Access.AGENT_READ, this::events));
    }

    private Answer events(Request request) {
        if (!watch.admits()) {
            return Answer.text(UNAVAILABLE, "as many watch as may: http.watchers-max");
        }
        return Answer.streamOfBytes(
                        Answer.Form.EVENTS,
                        Source.single(RETRY)
                                .concat(watch.watch(request.rights()))
                                .keepAlive(HEARTBEAT, () -> COMMENT))
                .with("Cache-Control", "no-store");
    }
}
