package io.sotto.cluster;

import com.typesafe.config.Config;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.application.RpcService;
import io.sotto.rpc.application.RpcStreamException;
import io.sotto.rpc.application.RpcStreamService;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.metrics.Metric;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Calls between this node and others, over one TLS port.
 *
 * <pre>{@code
 * RpcMethod<String, String> greet = RpcMethod.of("Shop.Greet", RpcCodecs.text(), RpcCodecs.text());
 * sotto.rpc().serve(greet, PeerRole.MEMBER, (name, context) -> CompletableFuture.completedFuture("Hello " + name));
 * sotto.rpc().call(Callee.member("shop-7"), greet, "Ada", Duration.ofSeconds(2));
 * }</pre>
 *
 * <p>Whom a node can call, it learns from the LAN pool: servers by the tags of Consul, others by {@code sotto_rpc}. One
 * connection to each carries all calls. Calls end within their time, in a value, and never throw because of the network;
 * what is chained to their stages without an executor runs on the connection's thread and must not block. Safe to use from
 * every thread.
 */
public interface Rpc {
    /**
     * Completes with the address that this node takes calls on, or with empty where {@code rpc.enabled} is off; fails with a
     * {@link PoolStartException} when it cannot listen.
     */
    CompletionStage<Optional<InetSocketAddress>> started();

    /**
     * Whether calls to servers go by TLS, and only to those whose certificate proves that they are: what secrets take. Changes
     * with a reload.
     */
    boolean provesServers();

    /** Calls of one's own making to {@code callee}: bodies are msgpack. Costs nothing; may be kept. */
    RpcCaller to(Callee callee);

    /** Calls once. Cancelling the future cancels the call. */
    <Q, A> CompletableFuture<RpcOutcome<A>> call(Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout);

    /**
     * Calls each time the source is run, and streams the answer as fast as it is taken.
     *
     * <p>The stage tells how the call ended: {@link RpcOutcome.Answer} with the number of parts that came, after which the
     * source completes; otherwise the source fails with an {@link RpcStreamException} that says the same. Cancelling the
     * source cancels the call.
     *
     * @param timeout for the whole stream
     */
    <Q, A> Source<A, CompletionStage<RpcOutcome<Long>>> stream(
            Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout);

    /**
     * Answers calls of {@code method} from now on, in place of whoever did. Takes effect while {@code rpc.enabled} is on.
     *
     * @param required what a caller's certificate must prove where {@code tls.verify-incoming} is on
     */
    <Q, A> void serve(RpcMethod<Q, A> method, PeerRole required, RpcService<Q, A> service);

    /** The same with a stream of answers. */
    <Q, A> void serveStream(RpcMethod<Q, A> method, PeerRole required, RpcStreamService<Q, A> service);

    /**
     * The same with bodies of one's own making.
     *
     * @param method {@code Service.Method}
     */
    void serve(String method, PeerRole required, Endpoint endpoint);

    /** Certificates, authorities and policy in force at this moment; {@link TlsSnapshot#none} where TLS is off. */
    TlsSnapshot tls();

    /** Every figure of calls by name, for monitoring systems, zeros included. */
    List<Metric> metrics();

    /**
     * The calls of a node whose pool was spawned by hand rather than by {@link Sotto}, as simulations do.
     *
     * @param section a whole {@code sotto} section, of which {@code datacenter}, {@code profile}, {@code rpc} and {@code tls} count
     * @throws com.typesafe.config.ConfigException for settings that cannot be, and files that cannot be used
     */
    static Rpc over(RpcNode node, Config section) {
        return RunningRpc.over(node, section);
    }
}
