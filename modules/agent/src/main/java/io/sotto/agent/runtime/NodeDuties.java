package io.sotto.agent.runtime;

import com.typesafe.config.Config;
import io.sotto.agent.access.Token;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.exec.ExecCounts;
import io.sotto.agent.exec.ExecSettings;
import io.sotto.agent.exec.RemoteExec;
import io.sotto.agent.http.AgentControl;
import io.sotto.cluster.Profile;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.client.ClientDuties;
import io.sotto.cluster.client.ClientIdentity;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.cluster.server.Federation;
import io.sotto.cluster.server.NomadRegion;
import io.sotto.cluster.server.ServerSettings;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.rpc.pool.Callee;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent does for others in its pool, by its settings: be a server of a datacenter or of one of Nomad's regions, be a
 * client of real servers, run their commands.
 */
final class NodeDuties {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration EXEC_CALL_TIME = Duration.ofSeconds(10);

    private final ActorSystem<Void> system;
    private final Sotto sotto;
    private final AgentSettings settings;
    private final Config config;
    private final Clock clock;
    private final RandomGenerator random;

    NodeDuties(
            ActorSystem<Void> system,
            Sotto sotto,
            AgentSettings settings,
            Config config,
            Clock clock,
            RandomGenerator random) {
        this.system = system;
        this.sotto = sotto;
        this.settings = settings;
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    /** What a server does for its datacenter and, by the WAN pool, for others; empty for agents that are none. */
    Optional<ConsulServer> serve(AgentControl control) {
        if (settings.profile() == Profile.NOMAD) {
            beARegion(control);
            return Optional.empty();
        }
        if (!settings.server()) {
            return Optional.empty();
        }
        Optional<Federation> federation = sotto.wan()
                .map(wan -> new Federation(
                        wan,
                        datacenter -> sotto.rpc().to(Callee.servers(datacenter)),
                        () -> sotto.rpc().provesServers()));
        ServerSettings settled =
                new ServerSettings(settings.datacenter(), config.getDuration("sotto.rpc.hold-timeout"));
        ConsulServer server = ConsulServer.create(system, sotto.lan(), federation, settled, rival -> {
            LOG.error(
                    "Member \"{}\" is a real Consul server, beside which this one must not be in a datacenter: leaving",
                    rival.name());
            control.leave();
        });
        server.methods().forEach((method, served) -> sotto.rpc().serve(method, served.required(), served.endpoint()));
        return Optional.of(server);
    }

    /** What a server of Nomad's other regions expects of one of this. */
    private void beARegion(AgentControl control) {
        NomadRegion.methods(sotto.lan())
                .forEach((method, endpoint) -> sotto.rpc().serve(method, PeerRole.UNPROVEN, endpoint));
        NomadRegion.watch(system, sotto.lan(), rival -> {
            LOG.error(
                    "Member \"{}\" is a real Nomad server in the region of this agent, which it would count as a peer:"
                            + " leaving the pool; set region to another",
                    rival.name());
            control.leave();
        });
    }

    /** What a client agent does for its datacenter. */
    void beClient(String nodeId) {
        if (settings.profile() == Profile.CONSUL_CLIENT) {
            ClientIdentity self = new ClientIdentity(
                    settings.datacenter(),
                    settings.nodeName(),
                    nodeId,
                    AgentNode.advertised(sotto.lan()),
                    settings.nodeMeta(),
                    agentToken(settings, config));
            system.systemActorOf(
                    ClientDuties.create(sotto.lan(), self, servers(), random), "client-duties", Props.empty());
        }
    }

    /** Runs commands of others, if it may, where nothing of this agent's is. */
    ActorRef<RemoteExec.Command> exec(ExecCounts counts) {
        ConsulRpc consul = ConsulRpc.create(servers(), settings.datacenter(), EXEC_CALL_TIME)
                .as(agentToken(settings, config));
        return system.systemActorOf(
                RemoteExec.create(
                        ExecSettings.of(config.getConfig("sotto")),
                        settings.nodeName(),
                        consul,
                        Path.of(System.getProperty("java.io.tmpdir")),
                        System.getenv(),
                        counts,
                        clock),
                "remote-exec",
                Props.empty());
    }

    /** What the agent shows to servers on its own account; as with real agents, requests' default where it has none. */
    static String agentToken(AgentSettings settings, Config config) {
        String own = config.getString(AgentNode.ACL_TOKEN);
        return own.isEmpty()
                ? settings.access().fallbackToken().map(Token::secret).orElse("")
                : own;
    }

    /** Calls any server of this agent's datacenter. */
    RpcCaller servers() {
        return sotto.rpc().to(Callee.servers(settings.datacenter()));
    }
}
