package io.sotto.cluster;

import io.sotto.pki.Dial;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsPolicy;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcCaller;
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
import io.sotto.wire.metrics.Metric;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
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
    private final RpcPoolState state;
    private final ActorRef<RpcPool.Command> connections;
    private final RpcCalls calls;
    private final ApplicationCalls typed;
    private final CompletableFuture<Optional<RpcListener>> listener = new CompletableFuture<>();

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

    RunningRpc(
            ActorSystem<?> system, Pool lan, Optional<? extends Pool> wan, Parts parts, DispatcherSelector dispatcher) {
        this.system = system;
        this.tls = parts.tls;
        this.tags = parts.tags;
        this.isServer = parts.isServer;
        this.drainTimeout = parts.settings.links().drainTimeout();
        Dialer dialer = Dialer.create(system, parts.settings.links(), tls, counters);
        this.state = RpcPoolState.create(
                parts.settings.pool(),
                new RpcPoolEnvironment(
                        peer -> dial(dialer, peer),
                        parts.environment.nanos(),
                        () -> tls.get().generation(),
                        () -> tls.get().mayDialTls() && tls.get().policy().checksServerNames(),
                        parts.environment.randoms(),
                        this::raise));
        this.connections = system.systemActorOf(RpcPool.create(state), parts.name + "-rpc", dispatcher);
        this.calls = RpcCalls.over(system, connections, state);
        this.typed = ApplicationCalls.over(calls);
        system.systemActorOf(
                RpcPeers.create(lan, wan, parts.datacenter, connections), parts.name + "-rpc-peers", dispatcher);
        this.keeper = system.systemActorOf(
                Tls.create(tls, parts.files, parts.watch, next -> renewed(), alarm -> {}),
                parts.name + "-tls",
                dispatcher);
        listen(lan, parts);
    }

    /** Not before the pool runs: a node that cannot be a member takes no calls. */
    private void listen(Pool lan, Parts parts) {
        if (!parts.settings.enabled()) {
            listener.complete(Optional.empty());
            return;
        }
        InetSocketAddress address = new InetSocketAddress(parts.bind, parts.settings.port());
        lan.started()
                .thenComposeAsync(
                        self -> RpcListener.bind(
                                system,
                                address,
                                parts.settings.links(),
                                tls,
                                endpoints::get,
                                counters,
                                parts.settings.dialect()),
                        system.executionContext())
                .whenComplete((bound, failure) -> {
                    if (failure == null) {
                        listener.complete(Optional.of(bound));
                        tell(bound);
                    } else {
                        listener.completeExceptionally(new PoolStartException("cannot take calls on "
                                + address.getAddress().getHostAddress() + ":" + address.getPort() + ": "
                                + cause(failure)));
                    }
                });
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
