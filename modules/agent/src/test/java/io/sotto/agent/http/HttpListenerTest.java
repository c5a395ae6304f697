package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.json.Json;
import io.sotto.agent.port.Guests;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortSettings;
import io.sotto.cluster.Query;
import io.sotto.wire.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The socket in front of the routes, on loopback. */
class HttpListenerTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final FakePool POOL = new FakePool();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static HttpListener listener;

    @BeforeAll
    static void listen() throws Exception {
        AgentFacts facts = new AgentFacts("dc1", "cli", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of()));
        AgentControl control = new AgentControl() {
            @Override
            public CompletionStage<Reloaded> reload() {
                return CompletableFuture.failedFuture(new IllegalStateException("cannot read"));
            }

            @Override
            public CompletionStage<Done> leave() {
                return POOL.leave();
            }
        };
        listener = HttpListener.start(
                        KIT.system(),
                        "127.0.0.1",
                        0,
                        guests(),
                        Optional.empty(),
                        new AgentApi(
                                facts,
                                POOL,
                                control,
                                Clock.systemUTC(),
                                new QueryApi(POOL, KIT.system()),
                                new CoordinateApi(POOL, ScriptedServers.silent().servers()),
                                new MonitorApi(
                                        level -> Source.from(List.of("a line at " + level + "\n", "another\n")))),
                        Clock.systemUTC())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        listener.stop(Duration.ofSeconds(1)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        KIT.shutdownTestKit();
    }

    private static Guests guests() {
        return new Guests(new PortSettings(100, 100, Duration.ofMinutes(1), Duration.ofMinutes(1)), new PortCounters());
    }

    private static HttpResponse<String> ask(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri).method(method, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return ask(method, path, HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void labelsTextAndJsonAsTheRealAgentDoes() throws Exception {
        assertThat(ask("GET", "/").headers().allValues("content-type"))
                .containsExactly(Golden.read("http-misc.txt", "GET /", "srv").contentType());
        assertThat(ask("GET", "/v1/agent/members").headers().allValues("content-type"))
                .containsExactly("application/json");
        assertThat(ask("PUT", "/v1/agent/join/" + FakePool.JOINABLE).headers().allValues("content-type"))
                .isEmpty();
    }

    @Test
    void labelsMetricsAsTheirReadersExpect() throws Exception {
        assertThat(ask("GET", "/v1/agent/metrics").headers().allValues("content-type"))
                .containsExactly("application/json");
        assertThat(ask("GET", "/v1/agent/metrics?format=prometheus").headers().allValues("content-type"))
                .containsExactly("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void decodesPathAndQuery() throws Exception {
        assertThat(ask("PUT", "/v1/agent/force-leave/a%2Fb%20c?prune").body())
                .isEqualTo("agent: No node found with name 'a/b c'");
        assertThat(POOL.asked).contains("force-leave a/b c and prune");
        assertThat(ask("PUT", "/v1/agent/join/%5B::1%5D:8301").body()).contains("Failed to join [::1]:8301:");
    }

    @Test
    void saysWhatIsAllowedWithARefusedMethod() throws Exception {
        HttpResponse<String> response = ask("POST", "/v1/agent/self");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().allValues("allow")).isEqualTo(List.of("OPTIONS,GET"));
        assertThat(response.body()).isEqualTo("method POST not allowed");
    }

    @Test
    void ignoresASmallBodyAndRefusesOneThatIsTooLarge() throws Exception {
        byte[] small = new byte[1024];
        assertThat(ask("PUT", "/v1/agent/force-leave/srv", HttpRequest.BodyPublishers.ofByteArray(small))
                        .statusCode())
                .isEqualTo(200);
        byte[] large = new byte[(int) HttpListener.BODY_MAX_BYTES + 1];
        assertThat(ask("PUT", "/v1/agent/force-leave/srv", HttpRequest.BodyPublishers.ofByteArray(large))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void refusesABodyThatIsLongerThanAnyRouteReads() throws Exception {
        byte[] large = new byte[(int) Route.BODY_READ_MAX_BYTES + 1];

        assertThat(ask("PUT", "/v1/agent/query/load", HttpRequest.BodyPublishers.ofByteArray(large))
                        .statusCode())
                .isEqualTo(413);
        assertThat(ask(
                                "PUT",
                                "/v1/agent/query/load",
                                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void streamsWhatAQueryBringsBack() throws Exception {
        HttpResponse<String> response = ask(
                "PUT",
                "/v1/agent/query/load?node=a&node=b&tag=role=%5Eweb&timeout=2s&no-ack=1&relay-factor=2",
                HttpRequest.BodyPublishers.ofString("now"));

        assertThat(response.body()).isEqualTo("""
                {"Type":"started","LTime":5,"TimeoutMs":3200}
                {"Type":"ack","From":"srv"}
                {"Type":"response","From":"srv","Payload":"MC43"}
                {"Type":"finished","Acks":1,"Responses":1}
                """);
        assertThat(POOL.asked)
                .contains("query "
                        + Query.named("load")
                                .with(Octets.utf8("now"))
                                .toNodes(List.of("a", "b"))
                                .toTag("role", "^web")
                                .within(Duration.ofSeconds(2))
                                .withoutAcks()
                                .relayedBy(2));
    }

    @ParameterizedTest
    @CsvSource({
        "refused, 500, too long",
        "x?timeout=soon, 400, 'Bad request: timeout is not a duration such as 5s'",
        "x?timeout=0s, 400, 'Bad request: timeout PT0S is not positive'",
        "x?tag=role, 400, 'Bad request: tag \"role\" is not key=regexp'",
        "x?relay-factor=many, 400, 'Bad request: \"many\" is not a number'",
        "x?relay-factor=256, 400, 'Bad request: relay factor 256 is not from 0 to 255'"
    })
    void refusesAQueryThatCannotBeAsked(String query, int status, String reason) throws Exception {
        HttpResponse<String> response = ask("PUT", "/v1/agent/query/" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(reason);
    }

    @Test
    void streamsTheLog() throws Exception {
        assertThat(ask("GET", "/v1/agent/monitor?loglevel=DEBUG").body()).isEqualTo("a line at DEBUG\nanother\n");
        assertThat(ask("GET", "/v1/agent/monitor?loglevel=err").body()).isEqualTo("a line at ERROR\nanother\n");
        HttpResponse<String> unknown = ask("GET", "/v1/agent/monitor?loglevel=bogus");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).isEqualTo("Bad request: Unknown log level: bogus");
    }

    @Test
    void listsCoordinatesOfThoseWhoHaveOne() throws Exception {
        String entry = "[{\"Node\":\"cli\",\"Segment\":\"\",\"Coord\":{\"Vec\":[0,0,0,0,0,0,0,0],"
                + "\"Error\":1.5,\"Adjustment\":0,\"Height\":0.00001}}]";

        assertThat(ask("GET", "/v1/coordinate/nodes").body()).isEqualTo(entry);
        assertThat(ask("GET", "/v1/coordinate/node/cli").body()).isEqualTo(entry);
        assertThat(ask("GET", "/v1/coordinate/node/srv").statusCode()).isEqualTo(404);
    }

    @Test
    void aFaultOfARouteIsAnAnswerAndNotTheEnd() throws Exception {
        HttpResponse<String> response = ask("PUT", "/v1/agent/reload");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("cannot read");
        assertThat(ask("GET", "/v1/agent/self").statusCode()).isEqualTo(200);
    }

    @Test
    void aTakenPortFailsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            AgentFacts facts = new AgentFacts("dc1", "x", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of()));
            AgentControl control = new AgentControl() {
                @Override
                public CompletionStage<Reloaded> reload() {
                    return CompletableFuture.completedFuture(new Reloaded.Applied());
                }

                @Override
                public CompletionStage<Done> leave() {
                    return CompletableFuture.completedFuture(Done.getInstance());
                }
            };
            assertThat(HttpListener.start(
                            KIT.system(),
                            "127.0.0.1",
                            taken.getLocalPort(),
                            guests(),
                            Optional.empty(),
                            new AgentApi(facts, POOL, control, Clock.systemUTC()),
                            Clock.systemUTC()))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessageContaining("Address already in use");
        }
    }
}
