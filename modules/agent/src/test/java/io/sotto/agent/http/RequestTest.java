package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.access.Token;
import io.sotto.wire.Octets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static Request request(String target, Map<String, String> query, Map<String, String> headers) {
        return new Request(
                "GET",
                List.of(target.split("/", -1)),
                target,
                query,
                Map.of(),
                name -> Optional.ofNullable(headers.get(name)),
                Optional.empty(),
                Rights.ALL,
                Octets.empty());
    }

    @Test
    void theTokenOfTheQueryGoesBeforeThatOfConsulsHeaderAndThatBeforeTheBearers() {
        Map<String, String> headers = Map.of("X-Consul-Token", "second", "Authorization", "Bearer third");
        assertThat(request("v1", Map.of("token", "first"), headers).token()).contains(Token.of("first"));
        assertThat(request("v1", Map.of("token", ""), headers).token()).contains(Token.of("second"));
        assertThat(request("v1", Map.of(), Map.of("Authorization", "bearer  third more"))
                        .token())
                .contains(Token.of("third"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "third"})
    void whatIsNoBearersTokenIsNone(String authorization) {
        assertThat(request("v1", Map.of(), Map.of("Authorization", authorization))
                        .token())
                .isEmpty();
    }

    @Test
    void noTextHoldsTheToken() {
        Request request = request("v1/kv/x", Map.of("token", "s3cr3t"), Map.of("X-Consul-Token", "s3cr3t"));
        assertThat(request.toString() + request.token() + HttpHeads.shownUrl(request))
                .doesNotContain("s3cr3t");
    }

    @Test
    void whatALogIsShownStaysOnItsLine() {
        Request request = request("v1/kv/a\n2026 [ERROR] agent: forged\u2028x", Map.of(), Map.of());
        assertThat(HttpHeads.shownUrl(request)).isEqualTo("/v1/kv/a%0A2026 [ERROR] agent: forged%E2%80%A8x");
        assertThat(HttpHeads.onOneLine("/v1/kv/ä b")).isEqualTo("/v1/kv/ä b");
    }

    @ParameterizedTest
    @CsvSource({"v1/kv/a/b,a/b", "v1/kv/a//b/,a//b/", "v1/kv/,''", "v1/kv,''", "v1/kv//,/"})
    void whatFollowsThePrefixKeepsItsSlashes(String target, String rest) {
        Route route = Route.rest("GET", "v1/kv", Access.SERVERS, (request, key) -> {
            throw new AssertionError("not called");
        });
        assertThat(route.argument(request(target, Map.of(), Map.of()))).isEqualTo(rest);
    }
}
