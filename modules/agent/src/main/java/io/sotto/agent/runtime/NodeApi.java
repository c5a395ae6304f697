package io.sotto.agent.runtime;

import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.AccessCounters;
import io.sotto.agent.access.OperatorTokens;
import io.sotto.agent.access.Token;
import io.sotto.agent.access.TokenControl;
import io.sotto.agent.access.TokenKeeper;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.HttpLimits;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.events.MemberHistory;
import io.sotto.agent.exec.ExecCounts;
import io.sotto.agent.exec.RemoteExec;
import io.sotto.agent.http.AgentApi;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.http.AgentFacts;
import io.sotto.agent.http.AgentListsApi;
import io.sotto.agent.http.CatalogApi;
import io.sotto.agent.http.CoordinateApi;
import io.sotto.agent.http.EnrolmentApi;
import io.sotto.agent.http.EventApi;
import io.sotto.agent.http.HealthApi;
import io.sotto.agent.http.HistoryApi;
import io.sotto.agent.http.HostApi;
import io.sotto.agent.http.HostFacts;
import io.sotto.agent.http.KeyringApi;
import io.sotto.agent.http.KvApi;
import io.sotto.agent.http.LogLines;
import io.sotto.agent.http.MonitorApi;
import io.sotto.agent.http.NomadApi;
import io.sotto.agent.http.PoolWatch;
import io.sotto.agent.http.QueryApi;
import io.sotto.agent.http.RotationApi;
import io.sotto.agent.http.RpcApi;
import io.sotto.agent.http.Servers;
import io.sotto.agent.http.SessionApi;
import io.sotto.agent.http.StatusApi;
import io.sotto.agent.http.UpshiftApi;
import io.sotto.agent.http.UpshiftRunApi;
import io.sotto.agent.http.Wan;
import io.sotto.agent.http.WatchApi;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.agent.page.PageApi;
import io.sotto.agent.port.PortCounters;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Profile;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.rpc.RpcCaller;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.javadsl.Source;

/** Puts the HTTP API of an agent together, part by part. */
final class NodeApi {
    private NodeApi() {}

    /**
     * Makes it, with all that runs only for it.
     *
     * @param server what this agent is, if it is one
     * @param tokens none where everybody may do everything
     */
    static AgentApi create(
            ActorSystem<Void> system,
            Sotto sotto,
            AgentFacts facts,
            NodeDuties duties,
            Optional<ConsulServer> server,
            AgentControl control,
            LoadResult.Loaded loaded,
            PortCounters connections,
            Optional<TokenKeeper> tokens,
            Clock clock) {
        AgentSettings settings = loaded.settings();
        HttpLimits limits = HttpLimits.of(loaded.config().getConfig("sotto"));
        Pool pool = sotto.lan();
        RpcCaller servers = duties.servers();
        ExecCounts commands = new ExecCounts();
        ActorRef<RemoteExec.Command> exec = duties.exec(commands);
        AgentEvents events = AgentEvents.create(
                pool, settings.profile(), settings.nodeName(), event -> exec.tell(new RemoteExec.Asked(event)));
        pool.userEvents().runForeach(events::received, system);
        String defaultToken =
                settings.access().fallbackToken().map(Token::secret).orElse("");
        Servers asked = new Servers(servers, settings.datacenter(), settings.nodeName(), () -> defaultToken);
        AccessCounters decisions = new AccessCounters();
        AccessControl access = tokens.<AccessControl>map(keeper -> TokenControl.create(
                        settings.access(),
                        keeper,
                        new AclOfServers(pool, settings.datacenter(), clock),
                        clock,
                        decisions))
                .orElseGet(AccessControl::open);
        tokens.ifPresent(
                keeper -> sotto.upshift().authorise(OperatorTokens.of(settings.access(), keeper, clock)::take));
        PoolWatch watch = PoolWatch.of(
                facts,
                pool,
                sotto.upshift(),
                sotto.rpc()::metrics,
                clock,
                limits.watchersMax(),
                limits.watcherBuffer());
        watch.run(system);
        MemberHistory history = MemberHistory.create(clock, loaded.config().getInt("sotto.member-history-max"));
        pool.memberEvents().runForeach(history::seen, system);
        LogLines log = level -> ConsoleLogging.tap()
                .map(tap -> tap.lines(ConsoleLogging.logback(level)))
                .orElse(Source.empty());
        return new AgentApi(
                facts,
                pool,
                sotto.wan()
                        .map(wan -> new Wan(
                                wan,
                                sotto::keyMismatch,
                                () -> server.map(ConsulServer::knownDatacenters).orElse(1))),
                control,
                clock,
                () -> Stream.of(
                                sotto.metrics().read(),
                                connections.metrics(),
                                commands.metrics(),
                                watch.metrics(),
                                decisions.metrics(
                                        tokens.map(TokenKeeper::tokens).orElse(0)))
                        .flatMap(List::stream)
                        .toList(),
                access,
                loaded.config().getStringList("sotto.http.allowed-hosts"),
                new EventApi(events, asked, UUID::randomUUID),
                new QueryApi(pool, system),
                new KeyringApi(
                        server.map(ConsulServer::keyrings)
                                .orElseGet(() -> DatacenterKeyrings.of(settings.datacenter(), pool)),
                        pool,
                        sotto.wan(),
                        settings.datacenter(),
                        settings.nodeName()),
                new RotationApi(pool.clusterKeyring(), sotto.wan().isPresent() && server.isEmpty(), system),
                new CoordinateApi(pool, asked),
                new CatalogApi(asked),
                new HealthApi(asked),
                new KvApi(asked, limits.kvValueMaxBytes()),
                new SessionApi(asked),
                new AgentListsApi(),
                new HostApi(
                        HostFacts.ofThisMachine(
                                settings.dataDir().orElse(Path.of(System.getProperty("java.io.tmpdir", ".")))),
                        system.dispatchers().lookup(DispatcherSelector.blocking()),
                        clock),
                new WatchApi(watch),
                new HistoryApi(history),
                new PageApi(loaded.config().getBoolean("sotto.ui")),
                new UpshiftApi(pool, sotto.wan()),
                new EnrolmentApi(sotto.enrolment()),
                new UpshiftRunApi(sotto.upshift(), () -> defaultToken, system),
                settings.profile() == Profile.NOMAD
                        ? new NomadApi(pool)
                        : new StatusApi(settings.datacenter(), servers),
                new RpcApi(settings.datacenter(), servers, () -> defaultToken),
                new MonitorApi(log));
    }
}
