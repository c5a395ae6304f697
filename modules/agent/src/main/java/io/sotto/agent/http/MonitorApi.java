package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.config.AgentSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /v1/agent/monitor}: the agent's log, line by line, until the client goes. Source: agent behaviour, section 7. */
public final class MonitorApi extends ApiPart {
    /** Below the listener's own patience with silent connections; a blank line is what keeps one open. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final LogLines log;

    public MonitorApi(LogLines log) {
        this.log = log;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.get("v1/agent/monitor", Access.AGENT_READ, this::monitor));
    }

    private Answer monitor(Request request) {
        String wanted =
                request.parameter("loglevel").filter(text -> !text.isEmpty()).orElse("info");
        return level(wanted)
                .map(level -> Answer.stream(Answer.Form.TEXT, log.from(level).keepAlive(HEARTBEAT, () -> "\n")))
                .orElseGet(() -> Answer.text(400, "Bad request: Unknown log level: " + wanted));
    }

    /** Consul's words, of which {@code err} is one. */
    private static Optional<AgentSettings.LogLevel> level(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        return Stream.of(AgentSettings.LogLevel.values())
                .filter(level -> level.name().equals(upper.equals("ERR") ? "ERROR" : upper))
                .findFirst();
    }
}
