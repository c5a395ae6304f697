package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.agent.http.Servers.Named;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.record.Nil;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Health;
import io.sotto.wire.rpc.consul.HealthCheck;
import io.sotto.wire.rpc.consul.NodeRequest;
import io.sotto.wire.rpc.consul.ServiceRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /v1/health}: the checks that the servers know of. Source: agent behaviour, section 7; golden/http-servers. */
public final class HealthApi extends ApiPart {
    private static final String PASSING = "passing";

    private final Servers servers;

    public HealthApi(Servers servers) {
        this.servers = servers;
    }

    @Override
    protected List<Route> routes() {
        return List.of(
                Route.incomplete("GET", "v1/health/node", "Missing node name"),
                Route.incomplete("GET", "v1/health/checks", "Missing service name"),
                Route.incomplete("GET", "v1/health/state", "Missing check state"),
                Route.incomplete("GET", "v1/health/service", "Missing service name"),
                Route.incomplete("GET", "v1/health/connect", "Missing service name"),
                Route.getOneLater("v1/health/node", Access.SERVERS, this::node).waiting(),
                Route.getOneLater("v1/health/checks", Access.SERVERS, this::checks)
                        .waiting(),
                Route.getOneLater("v1/health/state", Access.SERVERS, this::state)
                        .waiting(),
                Route.getOneLater("v1/health/service", Access.SERVERS, (request, name) -> service(request, name, false))
                        .waiting(),
                Route.getOneLater("v1/health/connect", Access.SERVERS, (request, name) -> service(request, name, true))
                        .waiting());
    }

    /** Checks as one of three methods finds them. */
    @FunctionalInterface
    private interface Find {
        CompletableFuture<RpcOutcome<Health.HealthChecks>> ask(ConsulRpc consul, QueryReading asked);
    }

    private CompletionStage<Answer> node(Request request, String node) {
        return listed(
                request,
                (consul, asked) -> consul.read(
                        ConsulMethods.HEALTH_NODE_CHECKS,
                        new NodeRequest(asked.datacenter(), node, asked.options()),
                        asked.options()));
    }

    private CompletionStage<Answer> checks(Request request, String service) {
        return listed(
                request,
                (consul, asked) -> consul.read(
                        ConsulMethods.HEALTH_SERVICE_CHECKS,
                        CatalogApi.instances(asked, service, List.of()),
                        asked.options()));
    }

    private CompletionStage<Answer> state(Request request, String state) {
        return listed(
                request,
                (consul, asked) -> consul.read(
                        ConsulMethods.HEALTH_CHECKS_IN_STATE,
                        new Health.ChecksInState(
                                asked.datacenter(), asked.nodeMeta(), state, asked.source(), asked.options()),
                        asked.options()));
    }

    private CompletionStage<Answer> listed(Request request, Find find) {
        return servers.read(
                request,
                Named.CONSISTENCY,
                find::ask,
                Health.HealthChecks::meta,
                found -> CatalogApi.list(
                        request, WireForms.CHECK, ConsulMethods.HEALTH_NODE_CHECKS.answers(), found, "HealthChecks"));
    }

    /** With {@code ?passing}, only instances all of whose checks pass; servers do not know that parameter. */
    private CompletionStage<Answer> service(Request request, String name, boolean connect) {
        Optional<Boolean> onlyPassing =
                switch (request.has(PASSING) ? request.parameter(PASSING).orElse("") : "false") {
                    case "", "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
                    case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
                    default -> Optional.empty();
                };
        if (onlyPassing.isEmpty()) {
            return Route.now(Answer.text(400, "Invalid value for ?passing"));
        }
        List<String> tags = request.values("tag");
        return servers.read(
                request,
                Named.CONSISTENCY,
                (consul, asked) -> {
                    ServiceRequest plain = CatalogApi.instances(asked, name, tags);
                    return consul.read(
                            ConsulMethods.HEALTH_SERVICE_NODES, connect ? ofProxies(plain) : plain, asked.options());
                },
                Health.ServiceNodes::meta,
                found -> {
                    List<Health.ServiceHealth> kept = onlyPassing.get()
                            ? found.nodes().stream().filter(HealthApi::passes).toList()
                            : found.nodes();
                    return CatalogApi.list(
                            request,
                            WireForms.SERVICE_HEALTH,
                            ConsulMethods.HEALTH_SERVICE_NODES.answers(),
                            new Health.ServiceNodes(Nil.copy(kept), found.meta()),
                            "Nodes");
                });
    }

    private static boolean passes(Health.ServiceHealth instance) {
        return instance.checks().stream().map(HealthCheck::status).allMatch(PASSING::equals);
    }

    private static ServiceRequest ofProxies(ServiceRequest plain) {
        return new ServiceRequest(
                plain.datacenter(),
                plain.nodeMetaFilters(),
                plain.serviceName(),
                plain.serviceTag(),
                plain.serviceTags(),
                plain.serviceAddress(),
                plain.tagFilter(),
                plain.source(),
                true,
                plain.ingress(),
                plain.options());
    }
}
