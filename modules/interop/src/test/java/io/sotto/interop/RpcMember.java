package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.cluster.Reloaded;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.cluster.server.ServerSettings;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An application that is a member and serves {@link #ECHO}: its own actor system, its own loopback address, real sockets,
 * in the test's JVM.
 */
final class RpcMember implements AutoCloseable {
    static final int RPC_PORT = 8300;
    /** What every member serves to every other. */
    static final RpcMethod<String, String> ECHO = RpcMethod.of("Probe.Echo", RpcCodecs.text(), RpcCodecs.text());

    private static final long PATIENCE_SECONDS = 60;

    private final String name;
    private final Site site;
    private final Config base;
    private final ActorSystem<Void> system;
    private final Sotto sotto;

    private RpcMember(String name, Map<String, Object> role) {
        this.name = name;
        this.site = Site.ipv4(Site.SERF_PORT);
        this.base = ConfigFactory.parseMap(role)
                .withFallback(ConfigFactory.parseMap(
                        Map.of("node-name", name, "bind-addr", site.ip(), "ports.serf-lan", site.port())));
        this.system = ActorSystem.create(
                Behaviors.empty(),
                name,
                ConfigFactory.parseString("pekko.loglevel = \"WARNING\"").withFallback(ConfigFactory.load()));
        this.sotto = Sotto.create(system, section(Map.of()));
        sotto.rpc().serve(ECHO, PeerRole.MEMBER, (request, context) -> CompletableFuture.completedFuture(request));
        await(sotto.lan().started());
        await(sotto.rpc().started());
    }

    /** An application in a datacenter, beside what a client agent there is. */
    static RpcMember client(String name) {
        return new RpcMember(name, Map.of("profile", "consul-client", "rpc.enabled", true, "rpc.port", RPC_PORT));
    }

    /** One that is a server of the datacenter too, as an agent with {@code server = true} is. */
    static RpcMember server(String name) {
        RpcMember member = new RpcMember(
                name,
                Map.of("profile", "consul-client", "server", true, "ports.server", RPC_PORT, "ports.serf-wan", -1));
        Sotto sotto = member.sotto;
        ServerSettings settings = new ServerSettings("dc1", Duration.ofSeconds(7));
        ConsulServer server = ConsulServer.create(member.system, sotto.lan(), Optional.empty(), settings, rival -> {
            throw new AssertionError(rival.name());
        });
        server.methods().forEach((method, served) -> sotto.rpc().serve(method, served.required(), served.endpoint()));
        return member;
    }

    String name() {
        return name;
    }

    String ip() {
        return site.ip();
    }

    Sotto sotto() {
        return sotto;
    }

    void join(RpcMember other) {
        await(sotto.lan().join(List.of(other.site.address())));
    }

    /** Takes over what {@code sotto.tls} is to be from now on, while it runs. */
    void reload(Map<String, Object> tls) {
        assertThat(await(sotto.reload(section(tls)))).as(name).isInstanceOf(Reloaded.Applied.class);
    }

    private Config section(Map<String, Object> tls) {
        return base.withValue("tls", ConfigValueFactory.fromMap(tls));
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        system.terminate();
        await(system.getWhenTerminated());
    }

    @Override
    public String toString() {
        return name + " (" + site.ip() + ")";
    }
}
