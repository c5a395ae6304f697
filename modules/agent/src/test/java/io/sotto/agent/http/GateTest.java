package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.AccessCall;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.Rights;
import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.Profile;
import io.sotto.cluster.UserEvent;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request is answered by who sends it, against the matrix that was taken from a real agent. */
class GateTest {
    /** Answered by the servers, who decide themselves, or not answered here. */
    private static final Set<String> ELSEWHERE =
            Set.of("/v1/status/leader", "/v1/catalog/nodes", "/v1/coordinate/nodes");

    private static final ActorTestKit KIT = ActorTestKit.create();

    private final FakePool pool = new FakePool();
    private final List<String> ended = new ArrayList<>();
    private final AgentApi api = api(new Words());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Each word is the token of somebody who may just that. */
    private final class Words implements AccessControl {
        @Override
        public Decision admit(AccessCall call) {
            String word = call.token().map(token -> token.secret()).orElse("none");
            Set<Access> rights = rights(word);
            return switch (call.access().checked()) {
                case NEVER, ELSEWHERE -> new Decision.Granted(Rights.ALL);
                case BEFORE -> {
                    if (word.equals("bad")) {
                        yield new Decision.UnknownToken();
                    }
                    yield rights.contains(call.access()) ? new Decision.Granted(Rights.ALL) : new Decision.Denied();
                }
                case EACH_ENTRY ->
                    word.equals("bad")
                            ? new Decision.UnknownToken()
                            : new Decision.Granted((access, resource) -> rights.contains(access));
            };
        }

        @Override
        public void ended(AccessCall call, int status) {
            ended.add(call.method() + " " + call.path() + " " + call.access() + " [" + call.resource() + "] " + status);
        }

        private Set<Access> rights(String word) {
            return switch (word) {
                case "keyring read" -> EnumSet.of(Access.KEYRING_READ);
                case "keyring write" -> EnumSet.of(Access.KEYRING_READ, Access.KEYRING_WRITE);
                case "operator read" -> EnumSet.of(Access.OPERATOR_READ);
                case "operator write" -> EnumSet.of(Access.OPERATOR_READ, Access.OPERATOR_WRITE);
                case "agent read" -> EnumSet.of(Access.AGENT_READ);
                case "agent write" -> EnumSet.of(Access.AGENT_READ, Access.AGENT_WRITE);
                case "node read" -> EnumSet.of(Access.NODE_READ);
                case "event write" -> EnumSet.of(Access.EVENT_READ, Access.EVENT_WRITE);
                default -> EnumSet.noneOf(Access.class);
            };
        }
    }

    private AgentApi api(AccessControl access) {
        AgentFacts facts = new AgentFacts("dc1", "cli", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of()));
        AgentControl control = new PoolControl(pool);
        AgentEvents events = AgentEvents.create(pool, Profile.CONSUL_CLIENT, "cli", command -> {});
        ConsulEvent event = new ConsulEvent("id", "foo", Octets.empty(), "", "", "", ConsulEvent.VERSION);
        events.received(new UserEvent(1, event.serfName(), event.encode(), false));
        pool.keyring.with("4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=");
        return new AgentApi(
                facts,
                pool,
                Optional.empty(),
                control,
                Clock.systemUTC(),
                pool::metrics,
                access,
                new KeyringApi(DatacenterKeyrings.of("dc1", pool), pool, Optional.empty(), "dc1", "cli"),
                new EventApi(events, ScriptedServers.silent().servers(), () -> new UUID(1, 2)),
                new CoordinateApi(pool, ScriptedServers.silent().servers()),
                new CatalogApi(ScriptedServers.silent().servers()),
                new HostApi(HostFacts.ofThisMachine(Path.of(".")), Runnable::run, Clock.systemUTC()),
                new UpshiftRunApi(new ScriptedUpshifts(), () -> "", KIT.system()),
                new MonitorApi(level -> Source.empty()));
    }

    private static Answer ask(AgentApi api, String method, String url, String token, String body) {
        String[] parts = url.substring(1).split("\\?", 2);
        String[] parameter = parts.length > 1 ? parts[1].split("=", 2) : new String[] {"unused", ""};
        Map<String, String> query = Map.of(parameter[0], parameter[1], "token", token);
        return api.answer(new Request(method, List.of(parts[0].split("/")), query, Map.of(), Octets.utf8(body)))
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }

    /** One line of the matrix. */
    record Line(String request, String token, int status, String text) {}

    static Stream<Line> matrix() throws IOException {
        return wholeMatrix().filter(line -> !ELSEWHERE.contains(line.request().split(" ", 2)[1]));
    }

    static Stream<Line> wholeMatrix() throws IOException {
        try (InputStream in = Objects.requireNonNull(GateTest.class.getResourceAsStream("/golden/acl-matrix.txt"))) {
            List<Line> lines = new ArrayList<>();
            String request = "";
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("    ")) {
                    String[] tokenAndRest = line.strip().split(": ", 2);
                    String[] statusAndText = tokenAndRest[1].split(" ", 2);
                    lines.add(new Line(
                            request,
                            tokenAndRest[0],
                            Integer.parseInt(statusAndText[0]),
                            statusAndText.length > 1 ? statusAndText[1] : ""));
                } else {
                    request = line;
                }
            }
            assertThat(lines).hasSize(150);
            return lines.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void everybodyIsAnsweredAsByARealAgent(Line line) throws JsonException {
        String[] request =
                line.request().replace("127.0.21.91", FakePool.JOINABLE).split(" ", 2);
        String body = request[0].equals("POST") ? "{\"Key\": \"pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=\"}" : "";

        Answer answer = ask(api, request[0], request[1], line.token(), body);

        assertThat(answer.status()).isEqualTo(line.status());
        if (line.text().endsWith(" items")) {
            assertThat(Json.parse(answer.body()).asElements().isEmpty())
                    .isEqualTo(line.text().startsWith("0 "));
        } else if (line.status() != 200) {
            assertThat(answer.body()).isEqualTo(line.text());
        }
        assertThat(ended).hasSize(1).first().asString().endsWith(" " + line.status());
    }

    @Test
    void whatIsRefusedIsNotDone() {
        assertThat(ask(api, "PUT", "/v1/agent/leave", "agent read", "").status())
                .isEqualTo(403);
        assertThat(pool.asked).isEmpty();
        assertThat(ended).containsExactly("PUT /v1/agent/leave AGENT_WRITE [cli] 403");
    }

    @Test
    void eventsAreDecidedOnByTheirName() {
        assertThat(ask(api, "PUT", "/v1/event/fire/deploy", "event write", "").status())
                .isEqualTo(200);
        assertThat(ended).containsExactly("PUT /v1/event/fire/deploy EVENT_WRITE [deploy] 200");
    }

    @Test
    void whoFailsTooOftenIsToldWhenToTryAgain() {
        AgentApi closed = api(new AccessControl() {
            @Override
            public Decision admit(AccessCall call) {
                return new Decision.TooManyFailures(Duration.ofMillis(1_500));
            }

            @Override
            public void ended(AccessCall call, int status) {
                ended.add(call.path() + " " + status);
            }
        });
        Answer answer = ask(closed, "GET", "/v1/agent/self", "guess", "");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo(Optional.of("2"));
        assertThat(ended).containsExactly("/v1/agent/self 429");
    }

    @Test
    void aWrongMethodIsToldBeforeAnythingElse() {
        assertThat(ask(api, "POST", "/v1/agent/self", "bad", "").status()).isEqualTo(405);
        assertThat(ended).isEmpty();
    }

    @Test
    void thePathThatIsToldIsOneLine() {
        ask(api, "PUT", "/v1/event/fire/a\nb", "event write", "");
        assertThat(ended).containsExactly("PUT /v1/event/fire/a%0Ab EVENT_WRITE [a\nb] 200");
    }

    @Test
    void ofTheQueryOnlyWhatSaysWhatIsDoneIsTold() {
        String path = "/v1/operator/upshift/gossip/without";
        ask(api, "PUT", path + "?member=n\n7", "operator write", "");
        ask(api, "PUT", path + "?key=s3cr3t", "operator write", "");
        assertThat(ended)
                .containsExactly(
                        "PUT " + path + "?member=n%0A7 OPERATOR_WRITE [] 409",
                        "PUT " + path + " OPERATOR_WRITE [] 400");
    }

    @Test
    void thePathThatIsToldHoldsNoToken() {
        ask(api, "GET", "/v1/agent/self", "s3cr3t", "");
        assertThat(String.join("\n", ended)).doesNotContain("s3cr3t");
    }
}
