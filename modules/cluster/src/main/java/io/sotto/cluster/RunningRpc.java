package io.sotto.cluster;

import com.typesafe.config.Config;
import io.sotto.gossip.GossipPool;
import io.sotto.pki.Dial;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsPolicy;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.ApplicationCalls;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.application.RpcService;
import io.sotto.rpc.application.RpcServices;
import io.sotto.rpc.application.RpcStreamService;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.RpcListener;
import io.sotto.rpc.pool.Callee;
import io.sotto.rpc.pool.ReadMethods;
import io.sotto.rpc.pool.RpcAlarm;
import io.sotto.rpc.pool.RpcCalls;
import io.sotto.rpc.pool.RpcPeer;
import io.sotto.rpc.pool.RpcPool;
import io.sotto.rpc.pool.RpcPoolEnvironment;
import io.sotto.rpc.pool.RpcPoolSettings;
import io.sotto.rpc.pool.RpcPoolState;
import io.sotto.rpc.tls.Tls;
import io.sotto.rpc.tls.TlsFeed;
import io.sotto.rpc.tls.TlsFiles;
import io.sotto.rpc.tls.TlsMetric;
import io.sotto.rpc.tls.TlsOutcome;
import io.sotto.rpc.tls.TlsWatch;
import io.sotto.wire.message.Tags;
import io.sotto.wire.metrics.Metric;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.javadsl.Source;

/** The calls of one node: where it takes them, whom it can call, and the TLS settings of both. */
final class RunningRpc implements Rpc {
    /** Longer than any disk takes to give up some files. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ActorSystem<?> system;
    private final TlsFeed tls;
    private final ActorRef<Tls.Command> keeper;
    private final List<LiveTags> tags;
    private final boolean isServer;
    private final Duration drainTimeout;
    private final LinkCounters counters = new LinkCounters();
    private final AtomicReference<Endpoints> endpoints = new AtomicReference<>(Endpoints.none());
    private final TlsTrial trial;
    private final RpcPoolState state;
    private final ActorRef<RpcPool.Command> connections;
    private final RpcCalls calls;
    private final ApplicationCalls typed;
    private final Pool lan;
    private final Parts parts;
    private final Dialer dialer;
    private volatile CompletableFuture<Optional<RpcListener>> listener;

    /**
     * What it is made of.
     *
     * @param name unique in the actor system
     * @param datacenter of this node
     * @param bind the address that the node listens on
     * @param isServer whether it shows a server's tags, which tell its port
     * @param files where certificates are, and what was read from them first
     * @param tls what is in force
     * @param watch how the files are watched
     * @param tags of this node in each of its pools
     */
    record Parts(
            String name,
            String datacenter,
            InetAddress bind,
            boolean isServer,
            RpcSettings settings,
            TlsFiles files,
            TlsFeed tls,
            TlsWatch watch,
            List<LiveTags> tags,
            NodeEnvironment environment) {}

    RunningRpc(ActorSystem<?> system, Pool lan, Optional<? extends Pool> wan, Parts parts) {
        this.system = system;
        this.tls = parts.tls;
        this.tags = parts.tags;
        this.isServer = parts.isServer;
        this.drainTimeout = parts.settings.links().drainTimeout();
        NodeEnvironment.Actors actors = parts.environment.actors();
        this.lan = lan;
        this.parts = parts;
        this.dialer = Dialer.create(system, parts.settings.links(), tls, counters, parts.environment.links());
        this.trial =
                new TlsTrial(system, parts.settings.links(), tls, parts.environment.links(), parts.environment.nanos());
        this.state = RpcPoolState.create(
                parts.settings.pool(),
                new RpcPoolEnvironment(
                        peer -> dial(dialer, peer),
                        parts.environment.nanos(),
                        () -> tls.get().generation(),
                        () -> tls.get().mayDialTls() && tls.get().policy().checksServerNames(),
                        parts.environment.randoms(),
                        this::raise));
        this.connections = actors.start(RpcPool.create(state), parts.name + "-rpc");
        this.calls = RpcCalls.over(system, connections, state);
        this.typed = ApplicationCalls.over(calls);
        actors.start(RpcPeers.create(lan, wan, parts.datacenter, connections), parts.name + "-rpc-peers");
        this.listener =
                parts.settings.enabled() ? listen(parts.settings) : CompletableFuture.completedFuture(Optional.empty());
        this.keeper = actors.start(
                Tls.create(tls, parts.files, parts.watch, next -> renewed(), alarm -> {}), parts.name + "-tls");
    }

    /** The calls of a node whose pool runs elsewhere than in {@link Sotto}. */
    static RunningRpc over(RpcNode node, Config section) {
        String datacenter = section.getString("datacenter");
        TlsFiles files = TlsFiles.of(section.getConfig("tls"), datacenter);
        return new RunningRpc(
                node.system(),
                node.lan(),
                Optional.empty(),
                new Parts(
                        node.name(),
                        datacenter,
                        node.bind(),
                        false,
                        RpcSettings.from(section, Profile.parse(section.getString("profile"))),
                        files,
                        Reloads.loaded(files, node.wall()),
                        TlsWatch.of(section.getConfig("tls")),
                        List.of(new LiveTags(
                                Tags.decode(node.meta()),
                                meta -> node.guardian().tell(new GossipPool.UpdateMeta(meta)))),
                        node.environment()));
    }

    /** Not before the pool runs: a node that cannot be a member takes no calls. */
    private CompletableFuture<Optional<RpcListener>> listen(RpcSettings settings) {
        CompletableFuture<Optional<RpcListener>> listening = new CompletableFuture<>();
        InetSocketAddress address = new InetSocketAddress(parts.bind, settings.port());
        lan.started()
                .thenComposeAsync(
                        self -> RpcListener.bind(
                                system,
                                address,
                                settings.links(),
                                tls,
                                endpoints::get,
                                counters,
                                settings.dialect(),
                                parts.environment.links()),
                        system.executionContext())
                .whenComplete((bound, failure) -> {
                    if (failure == null) {
                        listening.complete(Optional.of(bound));
                        tell(bound);
                    } else {
                        listening.completeExceptionally(new PoolStartException("cannot take calls on "
                                + address.getAddress().getHostAddress() + ":" + address.getPort() + ": "
                                + cause(failure)));
                    }
                });
        return listening;
    }

    /**
     * Takes calls from now on, if the settings want it and it does not yet.
     *
     * @return whether it takes calls now that it did not before; fails when it cannot listen, and may be tried again then
     */
    CompletionStage<Boolean> enable(RpcSettings settings) {
        CompletableFuture<Optional<RpcListener>> before = listener;
        boolean isSilent = before.isCompletedExceptionally()
                || (before.isDone() && before.join().isEmpty());
        if (!settings.enabled() || !isSilent) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Optional<RpcListener>> next = listen(settings);
        listener = next;
        return next.thenApply(bound -> true);
    }

    /** Dials by TLS, whatever the settings say of plaintext. */
    CompletionStage<DialResult> dialTls(InetSocketAddress to, PeerRole expected, String datacenter) {
        return dialer.dialTls(to, expected, datacenter);
    }

    /** When something last came in over a connection without TLS. */
    Optional<Duration> sincePlain() {
        OptionalLong at = counters.lastPlainNanos();
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(
                        Math.max(0, parts.environment.links().nanos().getAsLong() - at.getAsLong())));
    }

    /** A certificate was not what it had to be. */
    void refused(PeerRefused refused, InetSocketAddress peer) {
        keeper.tell(new Tls.Refused(refused, peer));
    }

    private static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** A server's port is in a tag that servers have. */
    private void tell(RpcListener bound) {
        String port = String.valueOf(bound.address().getPort());
        Map<String, String> said = Map.of(
                isServer ? "port" : RpcPeers.PORT_TAG,
                port,
                RpcPeers.TLS_TAG,
                tls.get().servesTls() ? "1" : "");
        tags.forEach(pool -> pool.set(said));
    }

    /** TLS is tried where one of ours refused plaintext, and never the other way round. */
    private CompletionStage<DialResult> dial(Dialer dialer, RpcPeer peer) {
        TlsSnapshot before = tls.get();
        CompletableFuture<DialResult> result = new CompletableFuture<>();
        dial(dialer, peer, peer.offersTls()).whenComplete((first, failure) -> {
            boolean mayUpgrade = peer.isSotto()
                    && before.mayDialTls()
                    && before.howToDial(peer.offersTls()) == Dial.PLAIN
                    && before.howToDial(true) == Dial.TLS
                    && first instanceof DialResult.NotLinked refused
                    && refused.byPeer();
            if (mayUpgrade) {
                dial(dialer, peer, true).whenComplete((second, none) -> result.complete(second));
            } else {
                result.complete(first);
            }
        });
        return result;
    }

    private static CompletionStage<DialResult> dial(Dialer dialer, RpcPeer peer, boolean offersTls) {
        return dialer.dial(peer.address(), Optional.empty(), peer.expected(), offersTls, peer.datacenter());
    }

    /** One call on a connection of its own to whoever is there; never fails. */
    CompletionStage<RpcResult> callAt(InetSocketAddress to, RpcRequest request) {
        return dialer.dial(to, Optional.empty(), PeerRole.UNPROVEN, false).thenCompose(dialled -> {
            if (dialled instanceof DialResult.Linked linked) {
                return linked.link()
                        .call(request)
                        .whenComplete((answer, failure) -> linked.link().drain());
            }
            return CompletableFuture.completedFuture(
                    new RpcResult.Unreachable(((DialResult.NotLinked) dialled).reason(), false));
        });
    }

    /** What a server that gives no reports takes on its port; never fails. */
    CompletionStage<TlsTrial.Found> tryTls(RpcPeer server) {
        return trial.look(server);
    }

    /** Whoever keeps the certificates knows whether this was said already. */
    private void raise(RpcAlarm alarm) {
        keeper.tell(new Tls.Refused(alarm.refused(), alarm.peer().address()));
    }

    /** Takes up settings and files; connections under the old ones are replaced. Fails when the actor does not answer. */
    CompletionStage<TlsOutcome> reload(TlsFiles files) {
        return AskPattern.ask(keeper, replyTo -> new Tls.Reload(files, replyTo), PATIENCE, system.scheduler());
    }

    @Override
    public CompletionStage<Optional<InetSocketAddress>> started() {
        return listener.thenApply(bound -> bound.map(RpcListener::address));
    }

    @Override
    public boolean provesServers() {
        TlsPolicy policy = tls.get().policy();
        return policy.checksServerNames() && policy.howToDial(false) == Dial.TLS;
    }

    @Override
    public RpcCaller to(Callee callee) {
        return calls.to(callee, ReadMethods::contains);
    }

    @Override
    public <Q, A> CompletableFuture<RpcOutcome<A>> call(
            Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout) {
        return typed.call(callee, method, request, timeout);
    }

    @Override
    public <Q, A> Source<A, CompletionStage<RpcOutcome<Long>>> stream(
            Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout) {
        return typed.stream(callee, method, request, timeout);
    }

    @Override
    public <Q, A> void serve(RpcMethod<Q, A> method, PeerRole required, RpcService<Q, A> service) {
        serve(method.name(), required, RpcServices.endpoint(method, service));
    }

    @Override
    public <Q, A> void serveStream(RpcMethod<Q, A> method, PeerRole required, RpcStreamService<Q, A> service) {
        serve(method.name(), required, RpcServices.streamEndpoint(method, service));
    }

    @Override
    public void serve(String method, PeerRole required, Endpoint endpoint) {
        endpoints.updateAndGet(before -> before.with(method, required, endpoint));
    }

    @Override
    public TlsSnapshot tls() {
        return tls.get();
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> all = new ArrayList<>(counters.metrics());
        all.addAll(state.metrics());
        all.addAll(TlsMetric.read(tls));
        return List.copyOf(all);
    }

    /** Calls go by this rate from now on. */
    void limit(RpcPoolSettings.RateLimit limit) {
        state.limit(limit);
    }

    /** Other TLS settings are in force: connections under the old ones are replaced, those of others too. */
    private void renewed() {
        connections.tell(RpcPool.Renewed.INSTANCE);
        long generation = tls.get().generation();
        CompletionStage<Optional<RpcListener>> there = listener;
        there.thenAccept(bound -> bound.ifPresent(listening -> {
            tell(listening);
            listening.drainOlderThan(generation);
        }));
    }

    /** Takes no further connection, and lets the calls of others end. */
    CompletionStage<Done> unbind() {
        return listener.handle((bound, failure) -> Optional.ofNullable(bound).flatMap(there -> there))
                .thenCompose(bound -> bound.map(listening -> {
                            CompletionStage<Done> unbound = listening.unbind();
                            listening.drain();
                            return unbound;
                        })
                        .orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance())));
    }

    /** Makes no further call, and lets those under way end. */
    CompletionStage<Done> stop() {
        return AskPattern.<RpcPool.Command, Done>ask(
                        connections, RpcPool.Stop::new, drainTimeout.multipliedBy(2), system.scheduler())
                .exceptionally(late -> Done.getInstance());
    }
}
