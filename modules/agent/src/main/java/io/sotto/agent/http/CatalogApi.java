package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.http.Servers.Named;
import io.sotto.agent.json.Json;
import io.sotto.wire.record.Codec;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.DatacenterRequest;
import io.sotto.wire.rpc.consul.Nothing;
import io.sotto.wire.rpc.consul.ServiceRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** {@code /v1/catalog}: what the servers know of nodes and services. Source: agent behaviour, section 7; golden/http-servers. */
public final class CatalogApi extends ApiPart {
    private final Servers servers;

    public CatalogApi(Servers servers) {
        this.servers = servers;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.getLater("v1/catalog/datacenters", Access.SERVERS, this::datacenters),
                Route.getLater("v1/catalog/nodes", Access.SERVERS, this::nodes).waiting(),
                Route.getLater("v1/catalog/services", Access.SERVERS, this::services)
                        .waiting(),
                Route.incomplete("GET", "v1/catalog/service", "Missing service name"),
                Route.incomplete("GET", "v1/catalog/node", "Missing node name"),
                Route.incomplete("GET", "v1/catalog/node-services", "Missing node name"),
                Route.getOneLater("v1/catalog/service", Access.SERVERS, this::service)
                        .waiting(),
                Route.getOneLater("v1/catalog/node", Access.SERVERS, this::node).waiting(),
                Route.getOneLater("v1/catalog/node-services", Access.SERVERS, this::nodeServices)
                        .waiting(),
                Route.put(
                                "v1/catalog/register",
                                Access.SERVERS,
                                request -> write(request, ConsulMethods.CATALOG_REGISTER, WireForms.REGISTER))
                        .reading(Servers.BODY_MAX_BYTES),
                Route.put(
                                "v1/catalog/deregister",
                                Access.SERVERS,
                                request -> write(request, ConsulMethods.CATALOG_DEREGISTER, WireForms.DEREGISTER))
                        .reading(Servers.BODY_MAX_BYTES));
    }

    private <Q> CompletionStage<Answer> write(Request request, ConsulMethod<Q, Nothing> method, JsonForm form) {
        return servers.write(
                request, method, Servers.Body.of(form), done -> Answer.json(Json.of(true), request.layout()));
    }

    private CompletionStage<Answer> datacenters(Request request) {
        return servers.call(
                request,
                (consul, asked) -> consul.datacenters(asked.options()),
                found -> Answer.json(Json.of(found), request.layout()));
    }

    private CompletionStage<Answer> nodes(Request request) {
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) -> consul.read(
                        ConsulMethods.CATALOG_LIST_NODES,
                        new DatacenterRequest(asked.datacenter(), asked.nodeMeta(), asked.source(), asked.options()),
                        asked.options()),
                Catalog.Nodes::meta,
                found -> list(request, WireForms.NODE, ConsulMethods.CATALOG_LIST_NODES.answers(), found, "Nodes"));
    }

    private CompletionStage<Answer> services(Request request) {
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) -> consul.read(
                        ConsulMethods.CATALOG_LIST_SERVICES,
                        new DatacenterRequest(asked.datacenter(), asked.nodeMeta(), asked.source(), asked.options()),
                        asked.options()),
                Catalog.Services::meta,
                found -> {
                    Map<String, Json> services = new TreeMap<>();
                    found.services().forEach((name, tags) -> {
                        if (request.rights().may(Access.SERVICE_READ, name)) {
                            services.put(name, Json.of(tags));
                        }
                    });
                    return Answer.json(new Json.Fields(services), request.layout());
                });
    }

    private CompletionStage<Answer> service(Request request, String name) {
        List<String> tags = request.values("tag");
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) ->
                        consul.read(ConsulMethods.CATALOG_SERVICE_NODES, instances(asked, name, tags), asked.options()),
                Catalog.ServiceNodes::meta,
                found -> list(
                        request,
                        WireForms.SERVICE_NODE,
                        ConsulMethods.CATALOG_SERVICE_NODES.answers(),
                        found,
                        "ServiceNodes"));
    }

    /** The instances of a service that the parameters ask for. */
    static ServiceRequest instances(QueryReading asked, String name, List<String> tags) {
        return new ServiceRequest(
                asked.datacenter(),
                asked.nodeMeta(),
                name,
                "",
                tags,
                "",
                !tags.isEmpty(),
                asked.source(),
                false,
                false,
                asked.options());
    }

    private CompletionStage<Answer> node(Request request, String name) {
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) -> consul.nodeServices(name, asked.options()),
                Catalog.NodeServices::meta,
                found -> found.nodeServices()
                        .filter(services -> request.rights().may(Access.NODE_READ, name))
                        .map(services -> Answer.json(servicesOfNode(services, request.rights()), request.layout()))
                        .orElseGet(() -> Answer.json(Json.Nothing.INSTANCE, request.layout())));
    }

    private static Json servicesOfNode(Catalog.ServicesOfNode found, Rights rights) {
        Object tree = Codec.of(Catalog.ServicesOfNode.class).toTree(found);
        Map<String, Json> services = new TreeMap<>();
        if (JsonForm.field(tree, "Services") instanceof Map<?, ?> byId) {
            byId.forEach((id, service) -> {
                Json shown = WireForms.SERVICE.json(service);
                if (rights.may(Access.SERVICE_READ, shown.get("Service").asText())) {
                    services.put(String.valueOf(id), shown);
                }
            });
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Node", WireForms.NODE.json(JsonForm.field(tree, "Node")));
        fields.put("Services", new Json.Fields(services));
        return new Json.Fields(fields);
    }

    private CompletionStage<Answer> nodeServices(Request request, String name) {
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) -> consul.nodeServiceList(name, asked.options()),
                Catalog.NodeServiceList::meta,
                found -> {
                    Object tree = Codec.of(Catalog.ServiceListOfNode.class).toTree(found.nodeServices());
                    boolean isKnown = !found.nodeServices().node().node().isEmpty()
                            && request.rights().may(Access.NODE_READ, name);
                    Map<String, Json> fields = new LinkedHashMap<>();
                    fields.put(
                            "Node",
                            isKnown ? WireForms.NODE.json(JsonForm.field(tree, "Node")) : Json.Nothing.INSTANCE);
                    Json services = WireForms.SERVICE.list(JsonForm.field(tree, "Services"));
                    fields.put(
                            "Services",
                            isKnown
                                    ? new Json.Elements(services.asElements().stream()
                                            .filter(service -> request.rights()
                                                    .may(
                                                            Access.SERVICE_READ,
                                                            service.get("Service")
                                                                    .asText()))
                                            .toList())
                                    : Json.Nothing.INSTANCE);
                    return Answer.json(new Json.Fields(fields), request.layout());
                });
    }

    /** A list of structs within an answer. */
    static <A> Answer list(Request request, JsonForm form, Codec<A> codec, A found, String field) {
        Object tree = codec.toTree(found);
        return Answer.json(Visible.of(form.list(JsonForm.field(tree, field)), request.rights()), request.layout());
    }
}
