package io.sotto.agent.http;

import io.sotto.agent.config.Durations;
import io.sotto.wire.rpc.consul.QueryOptions;
import io.sotto.wire.rpc.consul.QuerySource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a request says of how it is to be answered by the servers.
 *
 * @param datacenter whose servers are asked
 * @param options for the read
 * @param nodeMeta what the meta of nodes must hold
 * @param source whose distance sorts what is found
 * @param refusal why it cannot be asked so; empty if it can
 */
record QueryReading(
        String datacenter,
        QueryOptions options,
        Map<String, String> nodeMeta,
        QuerySource source,
        Optional<Answer> refusal) {
    private static final int BAD_REQUEST = 400;
    private static final String THIS_AGENT = "_agent";

    /**
     * Reads the parameters of any request that the servers answer. Source: agent behaviour, section 7.
     *
     * @param datacenter of this agent, for requests that name none
     * @param node this agent's name
     * @param defaultToken for requests that have none; may be empty
     */
    static QueryReading of(Request request, String datacenter, String node, String defaultToken) {
        QueryOptions options = QueryOptions.defaults()
                .withToken(request.token().map(token -> token.secret()).orElse(defaultToken))
                .withFilter(request.parameter("filter").orElse(""));
        Optional<String> fault = Optional.empty();
        if (request.has("stale") && request.has("consistent")) {
            fault = Optional.of("Cannot specify ?stale with ?consistent, conflicting semantics.");
        } else if (request.has("cached") && request.has("consistent")) {
            fault = Optional.of("Cannot specify ?cached with ?consistent, conflicting semantics.");
        } else if (request.has("consistent")) {
            options = options.consistent();
        } else if (request.says("max_stale")) {
            String text = request.parameter("max_stale").orElse("");
            Optional<Duration> age = Durations.parse(text);
            options = options.stale(age.orElse(Duration.ZERO));
            if (age.isEmpty()) {
                fault = Optional.of("Invalid max_stale value \"" + text + "\"");
            }
        } else if (request.has("stale")) {
            options = options.stale(Duration.ZERO);
        }
        Optional<Duration> wait =
                request.says("wait") ? request.parameter("wait").flatMap(Durations::parse) : Optional.of(Duration.ZERO);
        Optional<Long> index = index(request.parameter("index").orElse(""));
        if (fault.isEmpty() && wait.isEmpty()) {
            fault = Optional.of("Invalid wait time");
        }
        if (fault.isEmpty() && index.isEmpty()) {
            fault = Optional.of("Invalid index");
        }
        String dc = request.parameter("dc").orElse("").toLowerCase(Locale.ROOT);
        return new QueryReading(
                dc.isEmpty() ? datacenter : dc,
                options.waiting(index.orElse(0L), wait.orElse(Duration.ZERO)),
                nodeMeta(request.values("node-meta")),
                source(request.parameter("near").orElse(""), dc.isEmpty() ? datacenter : dc, node),
                fault.map(text -> Answer.text(BAD_REQUEST, text)));
    }

    /** Unsigned. */
    private static Optional<Long> index(String text) {
        if (text.isEmpty()) {
            return Optional.of(0L);
        }
        try {
            return Optional.of(Long.parseUnsignedLong(text));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    private static Map<String, String> nodeMeta(List<String> pairs) {
        Map<String, String> meta = new LinkedHashMap<>();
        for (String pair : pairs) {
            int colon = pair.indexOf(':');
            meta.put(colon < 0 ? pair : pair.substring(0, colon), colon < 0 ? "" : pair.substring(colon + 1));
        }
        return meta;
    }

    private static QuerySource source(String near, String datacenter, String node) {
        return near.isEmpty()
                ? QuerySource.none()
                : new QuerySource(datacenter, "", near.equals(THIS_AGENT) ? node : near, "");
    }

    /** The word for how sure the answer is. */
    String consistency() {
        if (options.requireConsistent()) {
            return "consistent";
        }
        return options.allowStale() ? "stale" : "leader";
    }
}
