package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.events.MemberHistory;
import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The changes of members' states as the API tells them. */
final class HistoryApiTest {
    private static final String SINCE = "{\"Since\":\"2026-11-22T06:00:00Z\",\"Changes\":[";
    private static final String CLI = "{\"At\":\"2026-11-22T06:00:00Z\",\"Member\":\"cli\",\"State\":\"alive\"}";
    private static final String SRV = "{\"At\":\"2026-11-22T06:00:00Z\",\"Member\":\"srv\",\"State\":\"alive\"}";

    private final Route route;

    HistoryApiTest() {
        MemberHistory history = MemberHistory.create(() -> Instant.parse("2026-11-22T06:00:00Z"), 8);
        for (Member member : new FakePool().members()) {
            history.seen(new MemberEvent(MemberEvent.Kind.JOINED, member));
        }
        route = new HistoryApi(history).routes().get(0);
    }

    private String get(Request request) {
        return route.answer(request).toCompletableFuture().join().body();
    }

    private static Request request(Map<String, String> query) {
        return new Request("GET", List.of("v1", "agent", "members", "history"), query);
    }

    @Test
    void eachChangeIsToldWithItsTimeAndOnRequestOnlyOneMembers() {
        assertThat(get(request(Map.of()))).isEqualTo(SINCE + CLI + "," + SRV + "]}");
        assertThat(get(request(Map.of("name", "srv")))).isEqualTo(SINCE + SRV + "]}");
    }

    @Test
    void whoMayNotSeeAMemberIsNotToldOfIt() {
        assertThat(route.access()).isEqualTo(Access.NODE_READ);
        assertThat(get(request(Map.of()).with((access, name) -> name.equals("cli"))))
                .isEqualTo(SINCE + CLI + "]}");
    }
}
