package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.record.Nil;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Coordinates;
import io.sotto.wire.rpc.consul.Nothing;
import io.sotto.wire.rpc.consul.QueryMeta;
import io.sotto.wire.rpc.consul.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent to the servers for what somebody wrote, or asked with parameters. */
final class ServersWritesTest {
    private final ScriptedServers servers = new ScriptedServers();
    private final Asking catalog = new Asking(new CatalogApi(servers.servers()));
    private final Asking sessions = new Asking(new SessionApi(servers.servers()));
    private final Asking coordinates = new Asking(new CoordinateApi(new FakePool(), servers.servers()));

    @Test
    void aRegistrationIsPassedOnWithTheTokenOfTheRequest() {
        servers.answering(ConsulMethods.CATALOG_REGISTER, Nothing.nothing());

        Answer answer = catalog.ask(
                "PUT",
                "v1/catalog/register",
                "{\"node\":\"ext\",\"ADDRESS\":\"10.0.0.9\",\"NodeMeta\":{\"k\":\"v\"},"
                        + "\"Service\":{\"Service\":\"web\",\"Tags\":[\"a\"],\"Port\":80},"
                        + "\"Check\":{\"Name\":\"up\",\"Status\":\"passing\",\"Definition\":{\"Interval\":\"10s\"}}}",
                Map.of("X-Consul-Token", "mine"));

        assertThat(answer.body()).isEqualTo("true");
        Catalog.Register sent = servers.last(ConsulMethods.CATALOG_REGISTER);
        assertThat(sent.datacenter()).isEqualTo("dc1");
        assertThat(sent.node()).isEqualTo("ext");
        assertThat(sent.address()).isEqualTo("10.0.0.9");
        assertThat(sent.nodeMeta()).isEqualTo(Map.of("k", "v"));
        assertThat(sent.token()).isEqualTo("mine");
        assertThat(sent.service().orElseThrow().port()).isEqualTo(80);
        assertThat(sent.check().orElseThrow().definition().interval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aTokenWithinTheBodyDoesNotCount() {
        servers.answering(ConsulMethods.CATALOG_DEREGISTER, Nothing.nothing());
        assertThat(catalog.put("v1/catalog/deregister", "{\"Node\":\"ext\",\"Token\":\"other\"}")
                        .body())
                .isEqualTo("Request decode failed: json: unknown field \"Token\"");
        assertThat(servers.requests).isEmpty();
    }

    @Test
    void aSessionIsOfThisNodeAndItsHealthUnlessItIsSaidOtherwise() {
        servers.answering(ConsulMethods.SESSION_APPLY, "the-id");

        assertThat(sessions.put("v1/session/create", "").body()).isEqualTo("{\"ID\":\"the-id\"}");
        Sessions.Session usual = servers.last(ConsulMethods.SESSION_APPLY).session();
        assertThat(usual.node()).isEqualTo("cli");
        assertThat(usual.lockDelay()).isEqualTo(Duration.ofSeconds(15));
        assertThat(usual.behavior()).isEqualTo("release");
        assertThat(usual.nodeChecks()).containsExactly("serfHealth");

        sessions.put("v1/session/create", "{\"LockDelay\":7,\"Checks\":[],\"Behavior\":\"delete\",\"TTL\":\"30s\"}");
        Sessions.Session other = servers.last(ConsulMethods.SESSION_APPLY).session();
        assertThat(other.lockDelay()).isEqualTo(Duration.ofSeconds(7));
        assertThat(other.behavior()).isEqualTo("delete");
        assertThat(other.ttl()).isEqualTo("30s");
        assertThat(other.nodeChecks()).isEmpty();

        sessions.put("v1/session/create", "{\"LockDelay\":\"90s\"}");
        assertThat(servers.last(ConsulMethods.SESSION_APPLY).session().lockDelay())
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aSessionIsRenewedAndEnded() {
        servers.answering(ConsulMethods.SESSION_RENEW, new Sessions.Listing(Nil.list(), QueryMeta.none()));
        servers.answering(ConsulMethods.SESSION_APPLY, "");

        assertThat(sessions.put("v1/session/renew/gone", ""))
                .isEqualTo(Answer.text(404, "Session id 'gone' not found"));
        assertThat(sessions.put("v1/session/destroy/s-1", "").body()).isEqualTo("true");
        assertThat(servers.last(ConsulMethods.SESSION_APPLY).op()).isEqualTo("destroy");
        assertThat(servers.last(ConsulMethods.SESSION_APPLY).session().id()).isEqualTo("s-1");
    }

    @Test
    void parametersOfAReadBecomePartOfTheCall() {
        servers.answering(ConsulMethods.CATALOG_SERVICE_NODES, new Catalog.ServiceNodes(List.of(), QueryMeta.none()));

        catalog.get("v1/catalog/service/web?dc=DC2&tag=a&tag=b&node-meta=k:v&near=_agent&filter=x");

        var sent = servers.last(ConsulMethods.CATALOG_SERVICE_NODES);
        assertThat(sent.datacenter()).isEqualTo("dc2");
        assertThat(sent.serviceName()).isEqualTo("web");
        assertThat(sent.serviceTags()).containsExactly("a", "b");
        assertThat(sent.tagFilter()).isTrue();
        assertThat(sent.nodeMetaFilters()).isEqualTo(Map.of("k", "v"));
        assertThat(sent.source().node()).isEqualTo("cli");
        assertThat(sent.options().filter()).isEqualTo("x");
    }

    @Test
    void coordinatesAreTheServersAndThisAgentsOwnOnlyWithoutServers() {
        assertThat(coordinates.get("v1/coordinate/nodes").body()).contains("\"Node\":\"cli\"");
        assertThat(coordinates.get("v1/coordinate/nodes?dc=dc2").body()).isEqualTo("No known Consul servers");

        servers.answering(
                ConsulMethods.COORDINATE_LIST_NODES,
                new Coordinates.Listing(
                        List.of(new Coordinates.Coordinate(
                                "far", "", new Coordinates.Point(List.of(0.25), 1, 0, 0.00001))),
                        QueryMeta.leader(9)));
        Answer answer = coordinates.get("v1/coordinate/nodes");
        assertThat(answer.body())
                .isEqualTo("[{\"Node\":\"far\",\"Segment\":\"\",\"Coord\":{\"Vec\":[0.25],\"Error\":1,\"Adjustment\":0,"
                        + "\"Height\":0.00001}}]");
        assertThat(answer.header("X-Consul-Index")).contains("9");
    }

    @Test
    void aCoordinateIsPassedOn() {
        servers.answering(ConsulMethods.COORDINATE_UPDATE, Nothing.nothing());
        assertThat(coordinates.put("v1/coordinate/update", "{\"Node\":\"n\",\"Coord\":{\"Vec\":[0.5],\"Error\":1}}"))
                .isEqualTo(Answer.empty());
        assertThat(servers.last(ConsulMethods.COORDINATE_UPDATE).coord().vec()).containsExactly(0.5);
    }
}
