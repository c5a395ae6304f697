package io.sotto.rpc.consul;

import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.consul.Catalog;
import io.sotto.wire.rpc.consul.ConnectCa;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Coordinates;
import io.sotto.wire.rpc.consul.DatacenterRequest;
import io.sotto.wire.rpc.consul.Health;
import io.sotto.wire.rpc.consul.Internal;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.NodeRequest;
import io.sotto.wire.rpc.consul.Nothing;
import io.sotto.wire.rpc.consul.Operator;
import io.sotto.wire.rpc.consul.QueryOptions;
import io.sotto.wire.rpc.consul.ServiceRequest;
import io.sotto.wire.rpc.consul.Sessions;
import io.sotto.wire.rpc.consul.Status;
import io.sotto.wire.rpc.consul.Txn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The methods of a Consul server, each as a call with a value at its end.
 *
 * <pre>{@code
 * ConsulRpc consul = ConsulRpc.create(caller, "dc1", Duration.ofSeconds(10));
 * consul.kvGet("config/color", QueryOptions.defaults()).thenAccept(outcome -> ...);
 * }</pre>
 *
 * <p>Futures complete on the thread that read the answer, never exceptionally, and cancelling one cancels its call. Reads take
 * {@link QueryOptions}, of which those that {@linkplain QueryOptions#waiting wait} get as much time more as the server may
 * take; {@link BlockingQuery} goes on waiting. A token that is given to this goes with every call whose own is empty.
 *
 * <p>Immutable; safe to use from every thread. Source: RPC specification, sections 5 and 7.
 */
public final class ConsulRpc {
    private final RpcCaller caller;
    private final String datacenter;
    private final Duration timeout;
    private final String token;

    private ConsulRpc(RpcCaller caller, String datacenter, Duration timeout, String token) {
        this.caller = caller;
        this.datacenter = datacenter;
        this.timeout = timeout;
        this.token = token;
    }

    /**
     * Calls through {@code caller}.
     *
     * @param datacenter that calls are about; servers of another one forward them
     * @param timeout for each call, on top of the time for which a query waits
     */
    public static ConsulRpc create(RpcCaller caller, String datacenter, Duration timeout) {
        if (datacenter.isEmpty()) {
            throw new IllegalArgumentException("servers need the name of the datacenter");
        }
        return new ConsulRpc(caller, datacenter, timeout, "");
    }

    /** The same for calls about another datacenter. */
    public ConsulRpc in(String other) {
        return new ConsulRpc(caller, other, timeout, token);
    }

    /** The same with this much time for each call. */
    public ConsulRpc within(Duration other) {
        return new ConsulRpc(caller, datacenter, other, token);
    }

    /** The same with this token of the access control list; empty for none. */
    public ConsulRpc as(String secret) {
        return new ConsulRpc(caller, datacenter, timeout, secret);
    }

    /** The datacenter that calls are about. */
    public String datacenter() {
        return datacenter;
    }

    /** Whether a server answers. */
    public CompletableFuture<RpcOutcome<Nothing>> ping() {
        return call(ConsulMethods.STATUS_PING, Nothing.nothing());
    }

    /** The address of the leader, as {@code ip:port}; empty if there is none. */
    public CompletableFuture<RpcOutcome<String>> leader() {
        return call(ConsulMethods.STATUS_LEADER, ofDatacenter(QueryOptions.defaults()));
    }

    /** The addresses of all servers, as {@code ip:port}. */
    public CompletableFuture<RpcOutcome<List<String>>> peers() {
        return call(ConsulMethods.STATUS_PEERS, ofDatacenter(QueryOptions.defaults()));
    }

    /** How far the server that answers has come. */
    public CompletableFuture<RpcOutcome<Status.RaftStats>> raftStats() {
        return call(ConsulMethods.STATUS_RAFT_STATS, Nothing.nothing());
    }

    /** All datacenters, that of the server first, then by distance. */
    public CompletableFuture<RpcOutcome<List<String>>> datacenters(QueryOptions options) {
        return call(ConsulMethods.CATALOG_LIST_DATACENTERS, new Catalog.ListDatacenters(told(options)));
    }

    public CompletableFuture<RpcOutcome<Catalog.Nodes>> nodes(QueryOptions options) {
        return read(ConsulMethods.CATALOG_LIST_NODES, ofDatacenter(options), options);
    }

    public CompletableFuture<RpcOutcome<Catalog.Services>> services(QueryOptions options) {
        return read(ConsulMethods.CATALOG_LIST_SERVICES, ofDatacenter(options), options);
    }

    public CompletableFuture<RpcOutcome<Catalog.ServiceNodes>> serviceNodes(String service, QueryOptions options) {
        return read(
                ConsulMethods.CATALOG_SERVICE_NODES, ServiceRequest.of(datacenter, service, told(options)), options);
    }

    public CompletableFuture<RpcOutcome<Catalog.NodeServices>> nodeServices(String node, QueryOptions options) {
        return read(ConsulMethods.CATALOG_NODE_SERVICES, ofNode(node, options), options);
    }

    public CompletableFuture<RpcOutcome<Catalog.NodeServiceList>> nodeServiceList(String node, QueryOptions options) {
        return read(ConsulMethods.CATALOG_NODE_SERVICE_LIST, ofNode(node, options), options);
    }

    /** Registers what {@code register} says; its own datacenter is what counts. */
    public CompletableFuture<RpcOutcome<Nothing>> register(Catalog.Register register) {
        return call(ConsulMethods.CATALOG_REGISTER, register);
    }

    /** Takes a node, with all that it has, out of the catalog. */
    public CompletableFuture<RpcOutcome<Nothing>> deregister(String node) {
        return call(ConsulMethods.CATALOG_DEREGISTER, new Catalog.Deregister(datacenter, node, "", "", token));
    }

    public CompletableFuture<RpcOutcome<Nothing>> deregisterService(String node, String serviceId) {
        return call(ConsulMethods.CATALOG_DEREGISTER, new Catalog.Deregister(datacenter, node, serviceId, "", token));
    }

    public CompletableFuture<RpcOutcome<Nothing>> deregisterCheck(String node, String checkId) {
        return call(ConsulMethods.CATALOG_DEREGISTER, new Catalog.Deregister(datacenter, node, "", checkId, token));
    }

    /** The instances of a service with their nodes and checks; {@code tags} that they all must have, or none. */
    public CompletableFuture<RpcOutcome<Health.ServiceNodes>> healthOfService(
            String service, List<String> tags, QueryOptions options) {
        ServiceRequest request = ServiceRequest.of(datacenter, service, told(options));
        return read(ConsulMethods.HEALTH_SERVICE_NODES, tags.isEmpty() ? request : request.tagged(tags), options);
    }

    public CompletableFuture<RpcOutcome<Health.HealthChecks>> checksOfNode(String node, QueryOptions options) {
        return read(ConsulMethods.HEALTH_NODE_CHECKS, ofNode(node, options), options);
    }

    public CompletableFuture<RpcOutcome<Health.HealthChecks>> checksOfService(String service, QueryOptions options) {
        return read(
                ConsulMethods.HEALTH_SERVICE_CHECKS, ServiceRequest.of(datacenter, service, told(options)), options);
    }

    /** All checks that are {@code passing}, {@code warning}, {@code critical} or {@code any}. */
    public CompletableFuture<RpcOutcome<Health.HealthChecks>> checksInState(String state, QueryOptions options) {
        return read(
                ConsulMethods.HEALTH_CHECKS_IN_STATE,
                Health.ChecksInState.of(datacenter, state, told(options)),
                options);
    }

    /**
     * Writes a key, and tells whether that was done. Of some operations a server's answer says {@code false} whatever became of
     * them; since their failures are errors, an answer to those is {@code true} here.
     */
    public CompletableFuture<RpcOutcome<Boolean>> kvApply(Kvs.Operation operation, Kvs.Entry entry) {
        Kvs.Apply request = new Kvs.Apply(datacenter, operation.wireName(), entry, token);
        return call(ConsulMethods.KVS_APPLY, request, timeout, done -> done || !operation.answers());
    }

    /** A key and its value: a list of one, or of none. */
    public CompletableFuture<RpcOutcome<Kvs.Entries>> kvGet(String key, QueryOptions options) {
        return read(ConsulMethods.KVS_GET, new Kvs.Get(datacenter, key, told(options)), options);
    }

    /** All keys that begin with {@code prefix}, with their values. */
    public CompletableFuture<RpcOutcome<Kvs.Entries>> kvList(String prefix, QueryOptions options) {
        return read(ConsulMethods.KVS_LIST, new Kvs.Get(datacenter, prefix, told(options)), options);
    }

    /** The names of all keys that begin with {@code prefix}, cut off once each at {@code separator} if that is not empty. */
    public CompletableFuture<RpcOutcome<Kvs.Keys>> kvKeys(String prefix, String separator, QueryOptions options) {
        return read(
                ConsulMethods.KVS_LIST_KEYS, new Kvs.ListKeys(datacenter, prefix, separator, told(options)), options);
    }

    /** Creates a session; answers its id. */
    public CompletableFuture<RpcOutcome<String>> sessionCreate(Sessions.Session session) {
        return call(ConsulMethods.SESSION_APPLY, new Sessions.Apply(datacenter, "create", session, token));
    }

    /** Ends a session, also one that there is not. */
    public CompletableFuture<RpcOutcome<Nothing>> sessionDestroy(String id) {
        Sessions.Apply request = new Sessions.Apply(datacenter, "destroy", Sessions.Session.of(id), token);
        return call(ConsulMethods.SESSION_APPLY, request, timeout, always -> Nothing.nothing());
    }

    /** One session: a list of one, or of none. */
    public CompletableFuture<RpcOutcome<Sessions.Listing>> session(String id, QueryOptions options) {
        return read(ConsulMethods.SESSION_GET, Sessions.Get.of(datacenter, id, told(options)), options);
    }

    public CompletableFuture<RpcOutcome<Sessions.Listing>> sessions(QueryOptions options) {
        return read(ConsulMethods.SESSION_LIST, Sessions.Get.of(datacenter, "", told(options)), options);
    }

    public CompletableFuture<RpcOutcome<Sessions.Listing>> sessionsOfNode(String node, QueryOptions options) {
        return read(ConsulMethods.SESSION_NODE_SESSIONS, ofNode(node, options), options);
    }

    /** Gives a session with a time to live its whole time again; no session in the answer means that it had ended. */
    public CompletableFuture<RpcOutcome<Sessions.Listing>> sessionRenew(String id) {
        return call(ConsulMethods.SESSION_RENEW, Sessions.Get.of(datacenter, id, told(QueryOptions.defaults())));
    }

    public CompletableFuture<RpcOutcome<Nothing>> coordinateUpdate(
            String node, String segment, Coordinates.Point point) {
        return call(ConsulMethods.COORDINATE_UPDATE, new Coordinates.Update(datacenter, node, segment, point, token));
    }

    public CompletableFuture<RpcOutcome<Coordinates.Listing>> coordinates(QueryOptions options) {
        return read(ConsulMethods.COORDINATE_LIST_NODES, ofDatacenter(options), options);
    }

    public CompletableFuture<RpcOutcome<Coordinates.Listing>> coordinatesOfNode(String node, QueryOptions options) {
        return read(ConsulMethods.COORDINATE_NODE, ofNode(node, options), options);
    }

    public CompletableFuture<RpcOutcome<List<Coordinates.OfDatacenter>>> coordinatesOfDatacenters() {
        return call(ConsulMethods.COORDINATE_LIST_DATACENTERS, Nothing.nothing());
    }

    /** Has a server send an event through its pool. */
    public CompletableFuture<RpcOutcome<Internal.EventFired>> fireEvent(ConsulEvent event) {
        QueryOptions anyServer = told(QueryOptions.defaults().stale(Duration.ZERO));
        return call(
                ConsulMethods.INTERNAL_EVENT_FIRE,
                new Internal.EventFire(datacenter, event.name(), event.encode(), anyServer));
    }

    /**
     * Lists or changes the keys of gossip, in all datacenters that the server knows.
     *
     * @param key in base64; empty for a list
     */
    public CompletableFuture<RpcOutcome<Internal.KeyringAnswers>> keyring(Internal.KeyringAction action, String key) {
        return call(
                ConsulMethods.INTERNAL_KEYRING_OPERATION,
                Internal.Keyring.of(action, key, datacenter, told(QueryOptions.defaults())));
    }

    public CompletableFuture<RpcOutcome<Internal.Dump>> nodeDump(QueryOptions options) {
        return read(ConsulMethods.INTERNAL_NODE_DUMP, ofDatacenter(options), options);
    }

    public CompletableFuture<RpcOutcome<Internal.Dump>> nodeInfo(String node, QueryOptions options) {
        return read(ConsulMethods.INTERNAL_NODE_INFO, ofNode(node, options), options);
    }

    /** Does all of {@code operations}, or none. */
    public CompletableFuture<RpcOutcome<Txn.Outcome>> transact(List<Txn.Operation> operations) {
        return call(ConsulMethods.TXN_APPLY, new Txn.Apply(datacenter, operations, token));
    }

    public CompletableFuture<RpcOutcome<Operator.RaftConfiguration>> raftConfiguration() {
        return call(ConsulMethods.OPERATOR_RAFT_GET_CONFIGURATION, ofDatacenter(QueryOptions.defaults()));
    }

    public CompletableFuture<RpcOutcome<Operator.HealthOfServers>> healthOfServers() {
        return call(ConsulMethods.OPERATOR_SERVER_HEALTH, ofDatacenter(QueryOptions.defaults()));
    }

    public CompletableFuture<RpcOutcome<ConnectCa.Roots>> connectRoots(QueryOptions options) {
        return read(ConsulMethods.CONNECT_CA_ROOTS, ofDatacenter(options), options);
    }

    public CompletableFuture<RpcOutcome<ConnectCa.Queries>> preparedQueries(QueryOptions options) {
        return read(ConsulMethods.PREPARED_QUERY_LIST, ofDatacenter(options), options);
    }

    /** Calls any method, with a request that is complete. */
    public <Q, A> CompletableFuture<RpcOutcome<A>> call(ConsulMethod<Q, A> method, Q request) {
        return call(method, request, timeout, Function.identity());
    }

    /** Calls any method that reads, with as much time as {@code options}, which the request has too, ask for. */
    public <Q, A> CompletableFuture<RpcOutcome<A>> read(ConsulMethod<Q, A> method, Q request, QueryOptions options) {
        return call(method, request, timeout.plus(Waits.of(options)), Function.identity());
    }

    /** These options, with this caller's token where they have none. */
    public QueryOptions told(QueryOptions options) {
        return token.isEmpty() || !options.token().isEmpty() ? options : options.withToken(token);
    }

    private DatacenterRequest ofDatacenter(QueryOptions options) {
        return DatacenterRequest.of(datacenter, told(options));
    }

    private NodeRequest ofNode(String node, QueryOptions options) {
        return new NodeRequest(datacenter, node, told(options));
    }

    private <Q, A, B> CompletableFuture<RpcOutcome<B>> call(
            ConsulMethod<Q, A> method, Q request, Duration patience, Function<A, B> meaning) {
        if (request instanceof Internal.Keyring keyring
                && Internal.KeyringAction.of(keyring.operation()).isEmpty()) {
            throw new IllegalArgumentException("a server ends over an unknown operation: " + keyring.operation());
        }
        Octets body = method.requests().encode(request);
        CompletableFuture<RpcResult> result = caller.call(new RpcRequest(method.name(), body, patience));
        return MappedFuture.of(
                result, end -> outcome(method, end, meaning), new RpcOutcome.NoAnswer<>(new RpcResult.Cancelled()));
    }

    private static <A, B> RpcOutcome<B> outcome(ConsulMethod<?, A> method, RpcResult end, Function<A, B> meaning) {
        if (!(end instanceof RpcResult.Answered answered)) {
            return new RpcOutcome.NoAnswer<>(end);
        }
        Decoding<A> decoded = method.answers().decode(answered.body());
        if (decoded instanceof Decoding.Value<A> value) {
            return new RpcOutcome.Answer<>(meaning.apply(value.value()));
        }
        return new RpcOutcome.Unreadable<>(method.name() + ": " + ((Decoding.Undecodable<A>) decoded).reason());
    }

    /** Without the token, which is a secret. */
    @Override
    public String toString() {
        return "ConsulRpc[datacenter=" + datacenter + ", timeout=" + timeout + "]";
    }
}
