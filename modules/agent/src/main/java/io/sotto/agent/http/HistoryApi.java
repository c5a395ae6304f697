package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.events.MemberHistory;
import io.sotto.agent.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/agent/members/history}: in which state each member was, and when. Ours: Consul's agents answer 404. */
public final class HistoryApi extends ApiPart {
    private final MemberHistory history;

    public HistoryApi(MemberHistory history) {
        this.history = history;
    }

    @Override
    protected List<Route> routes() {
        return List.of(Route.get("v1/agent/members/history", Access.NODE_READ, this::history));
    }

    private Answer history(Request request) {
        MemberHistory.Known known = history.known();
        String wanted = request.parameter("name").orElse("");
        List<Json> changes = known.changes().stream()
                .filter(change -> wanted.isEmpty() || change.member().equals(wanted))
                .filter(change -> request.rights().may(Access.NODE_READ, change.member()))
                .map(HistoryApi::shape)
                .toList();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Since", Json.of(known.since().toString()));
        fields.put("Changes", new Json.Elements(changes));
        return Answer.json(new Json.Fields(fields), request.layout());
    }

    private static Json shape(MemberHistory.Change change) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("At", Json.of(change.at().toString()));
        fields.put("Member", Json.of(change.member()));
        fields.put("State", Json.of(change.state().name().toLowerCase(Locale.ROOT)));
        return new Json.Fields(fields);
    }
}
