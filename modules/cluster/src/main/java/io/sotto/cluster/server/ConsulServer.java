package io.sotto.cluster.server;

import io.sotto.cluster.EventOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * The methods of Consul that a node without a quorum can serve, answered from what gossip knows. Safe to use from every
 * thread; nothing blocks.
 *
 * <p>All is answered at once but for blocking queries and what needs a quorum: that waits for a leader as long as a real server
 * does, and then says that there is none. Source: RPC specification, sections 5 to 8.
 */
public final class ConsulServer {
    static final String NO_PATH = Forwarding.NO_PATH;
    private static final String NO_LEADER = "No cluster leader";
    private static final String ILL_FORMED = "codec.decoder: the body is not what this method takes";

    /** What the events of Consul's users are called in gossip. Source: RPC specification, section 6. */
    private static final String EVENT_PREFIX = "consul:event:";

    /** What is not about a datacenter. */
    private static final Set<String> OF_THIS_SERVER =
            Set.of("Status.Ping", "Status.RaftStats", "Catalog.ListDatacenters", "Coordinate.ListDatacenters");

    private static final List<String> NEED_A_QUORUM = List.of(
            "Catalog.Register",
            "Catalog.Deregister",
            "Catalog.ListServices",
            "Catalog.ServiceNodes",
            "Catalog.NodeServices",
            "Catalog.NodeServiceList",
            "Health.ServiceNodes",
            "Health.NodeChecks",
            "Health.ServiceChecks",
            "Health.ChecksInState",
            "KVS.Apply",
            "KVS.Get",
            "KVS.List",
            "KVS.ListKeys",
            "Session.Apply",
            "Session.Get",
            "Session.Renew",
            "Session.List",
            "Session.NodeSessions",
            "Txn.Apply",
            "Txn.Read",
            "Operator.RaftGetConfiguration",
            "Operator.ServerHealth",
            "Internal.ServiceDump",
            "PreparedQuery.Apply",
            "PreparedQuery.Get",
            "PreparedQuery.List",
            "PreparedQuery.Execute");

    private final GossipView view;
    private final Datacenters datacenters;
    private final Forwarding forwarding;
    private final DatacenterKeyrings keyrings;
    private final boolean isFederated;
    private final ServerSettings settings;
    private final Waiting waiting;
    private final ChangeIndex changes = new ChangeIndex();
    private final CoordinateBook coordinates = new CoordinateBook();

    private ConsulServer(GossipView view, Optional<Outside> outside, ServerSettings settings, Waiting waiting) {
        this.view = view;
        this.settings = settings;
        this.isFederated = outside.isPresent();
        Optional<GossipView> wan = outside.map(Outside::wan);
        Function<String, RpcCaller> servers = outside.map(Outside::servers).orElse(ConsulServer::nobody);
        this.datacenters = new Datacenters(settings.datacenter(), wan);
        this.forwarding = new Forwarding(settings.datacenter(), datacenters, servers);
        this.keyrings = new DatacenterKeyrings(
                settings.datacenter(),
                view,
                wan,
                datacenters,
                servers,
                outside.map(Outside::provesServers).orElse(() -> false));
        this.waiting = waiting;
    }

    /** A {@link Federation} by what is asked of its pool. */
    record Outside(GossipView wan, Function<String, RpcCaller> servers, BooleanSupplier provesServers) {}

    /**
     * Serves what {@code pool} knows, and watches it.
     *
     * @param federation what is known of other datacenters, if anything
     * @param rival told of a real server of this datacenter, beside which this one must not be
     */
    public static ConsulServer create(
            ActorSystem<?> system,
            Pool pool,
            Optional<Federation> federation,
            ServerSettings settings,
            Consumer<Member> rival) {
        Later later = (delay, action) -> {
            Cancellable timer = system.scheduler().scheduleOnce(delay, action, system.executionContext());
            return timer::cancel;
        };
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        Optional<Outside> outside = federation.map(
                known -> new Outside(GossipView.of(known.wan()), known.servers(), known.provesServers()));
        ConsulServer server = over(GossipView.of(pool), outside, settings, later, random);
        outside.ifPresent(known -> pool.clusterKeyring()
                .rotateWith(new RingsElsewhere(settings.datacenter(), known.wan(), server.keyrings)));
        system.systemActorOf(
                MembersWatch.create(pool, member -> true, server::note, rival),
                "sotto-server-" + UUID.randomUUID(),
                Props.empty());
        federation.ifPresent(known -> system.systemActorOf(
                MembersWatch.create(
                        known.wan(),
                        member -> settings.datacenter().equals(member.tags().get("dc")),
                        event -> {},
                        rival),
                "sotto-server-wan-" + UUID.randomUUID(),
                Props.empty()));
        return server;
    }

    static ConsulServer over(
            GossipView view, Optional<Outside> outside, ServerSettings settings, Later later, RandomGenerator random) {
        return new ConsulServer(view, outside, settings, new Waiting(later, random));
    }

    static RpcCaller nobody(String datacenter) {
        return request ->
                CompletableFuture.completedFuture(new RpcResult.Unreachable("No known Consul servers", false));
    }

    /** The keys of all pools that this server knows. */
    public DatacenterKeyrings keyrings() {
        return keyrings;
    }

    /** How many datacenters this server knows, its own among them. */
    public int knownDatacenters() {
        return datacenters.byDistance().size();
    }

    /** Takes notice of what happened to a member. */
    void note(MemberEvent event) {
        String name = event.member().name();
        if (event.kind() == MemberEvent.Kind.REAPED) {
            changes.forgotten(name);
            coordinates.forget(name);
        } else {
            changes.changed(name);
        }
    }

    ChangeIndex changes() {
        return changes;
    }

    /** The methods served, by name, with the roles that their callers must prove where certificates are asked for. */
    public Map<String, Endpoints.Served> methods() {
        Map<String, Endpoint> methods = new TreeMap<>();
        NEED_A_QUORUM.forEach(method -> methods.put(method, this::withoutLeader));
        methods.put("ConnectCA.Roots", call -> fault("Connect must be enabled in order to use this endpoint"));
        methods.put("Status.Ping", call -> now(Replies.empty()));
        methods.put("Status.Leader", call -> now(Replies.text("")));
        methods.put("Status.Peers", call -> now(Replies.texts(List.of())));
        methods.put("Status.RaftStats", call -> now(Replies.noLog()));
        methods.put("Catalog.ListDatacenters", call -> now(Replies.texts(datacenters.byDistance())));
        methods.put("Catalog.ListNodes", query(changes, this::listNodes));
        methods.put("Internal.NodeDump", query(changes, request -> dump(catalog())));
        methods.put(
                "Internal.NodeInfo",
                query(
                        changes,
                        request -> dump(catalog().stream()
                                .filter(member -> member.name().equalsIgnoreCase(request.node()))
                                .toList())));
        methods.put("Coordinate.ListDatacenters", call -> now(coordinatesOfDatacenters()));
        methods.put("Coordinate.ListNodes", query(coordinates.changes(), request -> coordinates(catalog())));
        methods.put(
                "Coordinate.Node",
                query(
                        coordinates.changes(),
                        request -> coordinates(catalog().stream()
                                .filter(member -> member.name().equalsIgnoreCase(request.node()))
                                .toList())));
        methods.put("Coordinate.Update", this::update);
        methods.put("Internal.EventFire", this::fire);
        Map<String, Endpoints.Served> served = new TreeMap<>();
        methods.forEach((name, endpoint) -> served.put(
                name,
                new Endpoints.Served(
                        PeerRole.MEMBER, OF_THIS_SERVER.contains(name) ? endpoint : forwarding.orLocal(endpoint))));
        // Of servers of other datacenters it is the endpoint that asks for proof.
        served.put(
                "Internal.KeyringOperation",
                new Endpoints.Served(
                        isFederated ? PeerRole.MEMBER : PeerRole.SERVER,
                        new KeyringEndpoint(keyrings, datacenters, settings.datacenter())));
        return served;
    }

    /** A read of this datacenter that may wait for a change. */
    private Endpoint query(ChangeIndex index, Function<ReadRequest, RpcAnswer> answer) {
        return call -> {
            Optional<ReadRequest> request = ReadRequest.decode(call.body());
            if (request.isEmpty()) {
                return now(undecodable());
            }
            if (!request.get().datacenter().equals(settings.datacenter())) {
                return fault(NO_PATH);
            }
            if (!request.get().filter().isEmpty()) {
                return fault("filter expressions are not served without a catalog");
            }
            return waiting.changed(request.get(), index, call.cancelled(), () -> answer.apply(request.get()));
        };
    }

    private CompletionStage<RpcAnswer> withoutLeader(IncomingCall call) {
        Optional<ReadRequest> request = ReadRequest.decode(call.body());
        if (request.isPresent() && !request.get().datacenter().equals(settings.datacenter())) {
            return fault(NO_PATH);
        }
        return waiting.after(settings.holdTimeout(), call.cancelled(), new RpcAnswer.Fault(NO_LEADER));
    }

    private RpcAnswer listNodes(ReadRequest request) {
        long index = changes.index();
        List<Member> members = new ArrayList<>(catalog().stream()
                .filter(member -> request.nodeMeta().entrySet().stream()
                        .allMatch(wanted -> wanted.getKey().equals("consul-network-segment")
                                && wanted.getValue().equals(member.tags().getOrDefault("segment", ""))))
                .toList());
        if (!request.near().isEmpty()) {
            Map<String, Duration> far = new TreeMap<>();
            members.forEach(member ->
                    view.roundTrip(request.near(), member.name()).ifPresent(trip -> far.put(member.name(), trip)));
            members.sort(
                    Comparator.comparing(member -> far.getOrDefault(member.name(), ServerSettings.QUERY_TIME_MAX)));
        }
        MsgpackWriter writer =
                Replies.index(Replies.writer().map(5).key("ConsistencyLevel").text(""), index);
        writer.key("Nodes").list(members.size());
        members.forEach(member -> Replies.node(writer, member, settings.datacenter(), changes.of(member.name())));
        return Replies.reply(writer);
    }

    private RpcAnswer dump(List<Member> members) {
        long index = changes.index();
        MsgpackWriter writer = Replies.beforeIndex("Dump").list(members.size());
        members.forEach(member -> Replies.dumped(writer, member, changes.of(member.name())));
        return Replies.reply(Replies.index(writer, index));
    }

    private RpcAnswer coordinates(List<Member> members) {
        long index = coordinates.changes().index();
        Map<Member, Coordinate> known = new LinkedHashMap<>();
        members.forEach(member -> coordinates
                .of(member.name())
                .or(() -> view.coordinate(member.name()))
                .ifPresent(coordinate -> known.put(member, coordinate)));
        MsgpackWriter writer = Replies.beforeIndex("Coordinates");
        if (known.isEmpty()) {
            writer.nil();
        } else {
            writer.list(known.size());
        }
        known.forEach((member, coordinate) ->
                Replies.coordinate(writer, member.name(), member.tags().getOrDefault("segment", ""), coordinate));
        return Replies.reply(Replies.index(writer, index));
    }

    private RpcAnswer coordinatesOfDatacenters() {
        List<String> names = datacenters.byDistance();
        MsgpackWriter writer = Replies.writer().list(names.size());
        for (String name : names) {
            List<Datacenters.Located> servers = located(name);
            writer.map(3).key("AreaID").text("wan").key("Coordinates").list(servers.size());
            servers.forEach(server -> Replies.coordinate(writer, server.node(), "", server.coordinate()));
            writer.key("Datacenter").text(name);
        }
        return Replies.reply(writer);
    }

    /** Without a WAN pool this server is where everything begins: what a real server without others says. */
    private List<Datacenters.Located> located(String datacenter) {
        return isFederated
                ? datacenters.located(datacenter)
                : List.of(new Datacenters.Located(view.self(), Coordinate.initial()));
    }

    private CompletionStage<RpcAnswer> update(IncomingCall call) {
        Optional<CoordinateBook.Update> update = CoordinateBook.decode(call.body());
        if (update.isEmpty()) {
            return now(undecodable());
        }
        if (!update.get().datacenter().equals(settings.datacenter())) {
            return fault(NO_PATH);
        }
        Optional<String> wrong = CoordinateBook.fault(update.get().coordinate());
        if (wrong.isPresent()) {
            return fault(wrong.get());
        }
        // As with a real server, one of nobody's is dropped without a word.
        if (catalog().stream()
                .anyMatch(member -> member.name().equals(update.get().node()))) {
            coordinates.put(update.get().node(), update.get().coordinate());
        }
        return now(Replies.empty());
    }

    private CompletionStage<RpcAnswer> fire(IncomingCall call) {
        Optional<ReadRequest> request = ReadRequest.decode(call.body());
        if (request.isEmpty()) {
            return now(undecodable());
        }
        if (!request.get().datacenter().equals(settings.datacenter())) {
            return fault(NO_PATH);
        }
        Octets payload = request.get().payload();
        return view.broadcast(EVENT_PREFIX + request.get().name(), payload)
                .thenApply(outcome -> outcome instanceof EventOutcome.Refused refused
                        ? new RpcAnswer.Fault(refused.reason())
                        : Replies.onlyIndex(0));
    }

    /** Who has left is taken out of a real catalog too; who failed is in it, with a critical check. */
    private List<Member> catalog() {
        return view.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE || member.status() == Member.Status.FAILED)
                .toList();
    }

    static RpcAnswer undecodable() {
        return new RpcAnswer.Undecodable(ILL_FORMED);
    }

    private static CompletionStage<RpcAnswer> now(RpcAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static CompletionStage<RpcAnswer> fault(String text) {
        return now(new RpcAnswer.Fault(text));
    }
}
