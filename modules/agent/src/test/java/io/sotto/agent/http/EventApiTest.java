package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.Profile;
import io.sotto.cluster.UserEvent;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Internal;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventApiTest {
    private static final String FIRE = "PUT /v1/event/fire/";

    private static final UUID ID = UUID.fromString("7a07b729-7392-caf2-0b1d-a128d4648277");

    private final FakePool pool = new FakePool();
    private final ScriptedServers servers = new ScriptedServers();
    private final List<ConsulEvent> commands = new ArrayList<>();

    private AgentEvents events(Profile profile) {
        return AgentEvents.create(pool, profile, "cli", commands::add);
    }

    private Answer ask(AgentEvents events, String method, String path, Map<String, String> query, String body) {
        EventApi api = new EventApi(events, servers.servers(), () -> ID);
        List<String> segments = List.of(path.split("/"));
        Request request = new Request(method, segments, query, Map.of(), Octets.utf8(body));
        return api.routes().stream()
                .filter(route -> route.method().equals(method) && route.matches(segments))
                .findFirst()
                .orElseThrow()
                .answer(request)
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }

    @Test
    void anEventFiredAtAMemberOfADatacenterHasTheShapeOfConsuls() throws JsonException {
        Answer answer = ask(events(Profile.CONSUL_CLIENT), "PUT", "v1/event/fire/foo", Map.of("node", "cli"), "abc");

        Json ours = Json.parse(answer.body());
        String real = Golden.read("http-misc.txt", FIRE + "foo?node=cli body=abc", "srv")
                .body();
        String id = Json.parse(real).get("ID").asText();
        assertThat(answer.body().replace(ours.get("ID").asText(), id)).isEqualTo(real.trim());
        assertThat(ours.get("ID").asText()).hasSameSizeAs(id);
    }

    @Test
    void anEventFiredAtAMemberOfADatacenterTravelsInConsulsForm() {
        ask(events(Profile.CONSUL_CLIENT), "PUT", "v1/event/fire/foo", Map.of("node", "^c"), "abc");

        String[] sent = pool.asked.get(0).split(" ");
        assertThat(sent[1]).isEqualTo("consul:event:foo");
        assertThat(ConsulEvent.decode(Octets.hex(sent[2]))).hasValueSatisfying(event -> {
            assertThat(event.name()).isEqualTo("foo");
            assertThat(event.payload()).isEqualTo(Octets.utf8("abc"));
            assertThat(event.nodeFilter()).isEqualTo("^c");
        });
        assertThat(sent).as("Consul's events are never coalesced").hasSize(3);
    }

    @Test
    void anEventFiredAtAPlainSerfMemberTravelsUnderItsOwnName() throws JsonException {
        Answer answer = ask(events(Profile.SERF), "PUT", "v1/event/fire/deploy", Map.of(), "abc");

        assertThat(pool.asked).containsExactly("broadcast deploy 616263 coalesced");
        Json shape = Json.parse(answer.body());
        assertThat(shape.get("ID").asText()).isEmpty();
        assertThat(shape.get("LTime").asLong()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"true, coalesced", "'', coalesced", "false, ''"})
    void aPlainEventIsCoalescedUnlessToldOtherwise(String wanted, String sent) {
        ask(events(Profile.SERF), "PUT", "v1/event/fire/x", Map.of("coalesce", wanted), "");

        assertThat(pool.asked).containsExactly(("broadcast x  " + sent).stripTrailing() + (sent.isEmpty() ? " " : ""));
    }

    @Test
    void whatCannotBeFiredIsRefusedInTheRealWords() {
        AgentEvents events = events(Profile.CONSUL_CLIENT);
        Answer bad = ask(events, "PUT", "v1/event/fire/foo", Map.of("service", "("), "");

        assertThat(bad.status()).isEqualTo(500);
        assertThat(bad.body())
                .isEqualTo(Golden.read("http-misc.txt", FIRE + "foo?service=(", "srv")
                        .body()
                        .trim());
        assertThat(ask(events, "PUT", "v1/event/fire", Map.of(), "")).isEqualTo(Answer.text(400, "Missing name"));
        servers.ending(
                ConsulMethods.INTERNAL_EVENT_FIRE,
                new RpcResult.Failed("rpc error making call: No path to datacenter"));
        assertThat(ask(events, "PUT", "v1/event/fire/x", Map.of("dc", "dc9"), ""))
                .isEqualTo(Answer.text(500, "rpc error making call: No path to datacenter"));
        assertThat(ask(events(Profile.SERF), "PUT", "v1/event/fire/x", Map.of("dc", "dc9"), ""))
                .isEqualTo(Answer.text(500, "No path to datacenter"));
        assertThat(ask(events, "PUT", "v1/event/fire/x", Map.of(), "y".repeat(513))
                        .status())
                .isEqualTo(500);
        assertThat(ask(events(Profile.SERF), "PUT", "v1/event/fire/x", Map.of("node", "a"), "")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theListHoldsWhatWasMeantForThisNodeInTheRealShape() {
        AgentEvents events = events(Profile.CONSUL_CLIENT);
        ConsulEvent x = consul("x", "", "");
        events.received(new UserEvent(3, x.serfName(), x.encode(), false));
        events.received(fired(4, consul("elsewhere", "^srv$", "")));
        events.received(fired(5, consul("services", "", "web")));
        events.received(fired(6, consul("_rexec", "", "")));
        events.received(fired(7, consul("unreadable", "(", "")));
        events.received(new UserEvent(8, "consul:new-leader", Octets.utf8("srv"), false));
        events.received(new UserEvent(9, "plain", Octets.empty(), false));

        assertThat(ask(events, "GET", "v1/event/list", Map.of(), "").body())
                .isEqualTo(Golden.read("http-misc.txt", "GET /v1/event/list", "cli")
                        .body()
                        .trim());
        assertThat(ask(events, "GET", "v1/event/list", Map.of("name", "foo"), "")
                        .body())
                .isEqualTo("[]");
    }

    @Test
    void onlyTheLastEventsAreKept() {
        AgentEvents events = events(Profile.SERF);
        for (int i = 0; i < 300; i++) {
            events.received(new UserEvent(i, "e", Octets.empty(), true));
        }

        assertThat(events.list())
                .hasSize(256)
                .last()
                .satisfies(last -> assertThat(last.ltime()).isEqualTo(299));
        assertThat(events.list().get(0).ltime()).isEqualTo(44);
    }

    private static ConsulEvent consul(String name, String node, String service) {
        return new ConsulEvent("414bf30a-05ae-5827-6a8f-0524a5f07aef", name, Octets.empty(), node, service, "", 1);
    }

    private static UserEvent fired(long ltime, ConsulEvent event) {
        return new UserEvent(ltime, event.serfName(), event.encode(), false);
    }

    @Test
    void aListWaitsForTheNextEventAndForThisNameIfItHasOne() {
        AgentEvents events = events(Profile.CONSUL_CLIENT);
        Answer none = ask(events, "GET", "v1/event/list", Map.of(), "");
        assertThat(none.header("X-Consul-Index")).contains("1");

        CompletableFuture<Answer> any = waiting(events, Map.of("index", "1", "wait", "10m"));
        CompletableFuture<Answer> deploys = waiting(events, Map.of("index", "1", "wait", "10m", "name", "deploy"));
        assertThat(any).isNotDone();
        deliver(events, "foo", ID);

        assertThat(any).isCompletedWithValueMatching(answer -> answer.body().contains("\"Name\":\"foo\""));
        assertThat(any.join().header("X-Consul-Index"))
                .contains(Long.toUnsignedString(ID.getMostSignificantBits() ^ ID.getLeastSignificantBits()));
        assertThat(deploys).as("of another name").isNotDone();
        deliver(events, "deploy", new UUID(1, 4));
        assertThat(deploys.join().header("X-Consul-Index")).contains("5");
        assertThat(waiting(events, Map.of("index", "5")))
                .as("what is last has that index")
                .isNotDone();
        assertThat(waiting(events, Map.of("index", "6"))).isDone();
    }

    @Test
    void aWaitThatNothingEndsIsOverInItsTime() {
        AgentEvents events = events(Profile.CONSUL_CLIENT);
        assertThat(waiting(events, Map.of("index", "1", "wait", "1ms")).join().body())
                .isEqualTo("[]");
        assertThat(ask(events, "GET", "v1/event/list", Map.of("wait", "abc"), ""))
                .isEqualTo(Answer.text(400, "Invalid wait time"));
    }

    private CompletableFuture<Answer> waiting(AgentEvents events, Map<String, String> query) {
        Request request = new Request("GET", List.of("v1", "event", "list"), query);
        return new EventApi(events, servers.servers(), () -> ID)
                .routes().stream()
                        .filter(route -> route.method().equals("GET") && route.matches(request.path()))
                        .findFirst()
                        .orElseThrow()
                        .answer(request)
                        .toCompletableFuture();
    }

    @Test
    void anEventForAnotherDatacenterIsFiredByItsServers() {
        servers.answering(ConsulMethods.INTERNAL_EVENT_FIRE, new Internal.EventFired(QueryMeta.none()));

        Answer answer = ask(events(Profile.CONSUL_CLIENT), "PUT", "v1/event/fire/foo", Map.of("dc", "DC2"), "abc");

        assertThat(answer.body()).contains("\"Name\":\"foo\"", "\"Payload\":\"YWJj\"");
        Internal.EventFire sent = servers.last(ConsulMethods.INTERNAL_EVENT_FIRE);
        assertThat(sent.datacenter()).isEqualTo("dc2");
        assertThat(sent.name()).isEqualTo("foo");
        assertThat(pool.asked).isEmpty();
    }

    private static void deliver(AgentEvents events, String name, UUID id) {
        ConsulEvent event = new ConsulEvent(id.toString(), name, Octets.empty(), "", "", "", ConsulEvent.VERSION);
        events.received(new UserEvent(7, event.serfName(), event.encode(), false));
    }
}
