package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.Member;
import io.sotto.cluster.PlaintextPhase;
import io.sotto.cluster.Pool;
import io.sotto.cluster.PoolStats;
import io.sotto.cluster.Suspicion;
import io.sotto.wire.ProtocolVersions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON shapes of a Consul agent's answers. Pure but for the figures of the running JVM. Source: agent behaviour,
 * section 7; golden/http-agent.
 */
final class Shapes {
    private static final String CONSUL_SERVER_ROLE = "consul";

    private Shapes() {}

    static Json members(List<Member> members) {
        return new Json.Elements(members.stream().map(Shapes::member).toList());
    }

    static Json member(Member member) {
        ProtocolVersions versions = member.versions();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Name", Json.of(member.name()));
        fields.put("Addr", Json.of(IpText.of(member.address().ip())));
        fields.put("Port", Json.of(member.address().port()));
        fields.put("Tags", Json.of(new TreeMap<>(member.tags())));
        fields.put("Status", Json.of(member.status().code()));
        fields.put("ProtocolMin", Json.of(versions.pmin()));
        fields.put("ProtocolMax", Json.of(versions.pmax()));
        fields.put("ProtocolCur", Json.of(versions.pcur()));
        fields.put("DelegateMin", Json.of(versions.dmin()));
        fields.put("DelegateMax", Json.of(versions.dmax()));
        fields.put("DelegateCur", Json.of(versions.dcur()));
        return new Json.Fields(fields);
    }

    static Json suspicions(List<Suspicion> suspicions) {
        return new Json.Elements(suspicions.stream().map(Shapes::suspicion).toList());
    }

    static Json reloaded(AgentControl.Reloaded.Applied applied) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Changed", Json.of(applied.changed()));
        fields.put("AfterRestart", Json.of(applied.afterRestart()));
        fields.put("Remarks", Json.of(applied.remarks()));
        return new Json.Fields(fields);
    }

    static Json suspicion(Suspicion suspicion) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Member", Json.of(suspicion.member()));
        fields.put("Accuser", Json.of(suspicion.accuser()));
        fields.put(
                "Confirmers",
                new Json.Elements(suspicion.confirmers().stream().map(Json::of).toList()));
        fields.put("OwnHealth", Json.of(suspicion.ownHealth()));
        fields.put("Outcome", Json.of(suspicion.outcome().name().toLowerCase(Locale.ROOT)));
        fields.put("Start", Json.of(suspicion.start().toString()));
        fields.put("End", Json.of(suspicion.end().map(Instant::toString).orElse("")));
        return new Json.Fields(fields);
    }

    /** @param more sections of its {@code Stats} */
    static Json self(AgentFacts facts, Pool pool, Optional<Wan> wan, Map<String, Json> more) {
        Map<String, Json> config = new LinkedHashMap<>();
        config.put("Datacenter", Json.of(facts.datacenter()));
        config.put("NodeName", Json.of(facts.nodeName()));
        config.put("NodeID", Json.of(facts.nodeId()));
        config.put("Revision", Json.of(facts.revision()));
        config.put("Server", Json.of(isServer(facts)));
        config.put("Version", Json.of(facts.version()));

        Map<String, Json> self = new LinkedHashMap<>();
        self.put("Config", new Json.Fields(config));
        self.put("DebugConfig", facts.debugConfig());
        self.put(
                "Coord",
                pool.coordinate(facts.nodeName()).map(CoordinateApi::shape).orElse(Json.Nothing.INSTANCE));
        self.put("Member", member(pool.self()));
        self.put("Stats", stats(facts, pool, wan, more));
        self.put("Meta", Json.of(Map.of("consul-network-segment", "")));
        return new Json.Fields(self);
    }

    /** What {@code info} prints: sections of names and values, all of them strings. */
    private static Json stats(AgentFacts facts, Pool pool, Optional<Wan> wan, Map<String, Json> more) {
        Map<String, Json> sections = new LinkedHashMap<>();
        sections.put("agent", section("check_monitors", "0", "check_ttls", "0", "checks", "0", "services", "0"));
        sections.put(
                "build",
                section("prerelease", facts.prerelease(), "revision", facts.revision(), "version", facts.version()));
        sections.put("consul", wan.isPresent() ? server(facts, wan.get()) : client(facts, pool));
        sections.put("runtime", runtime());
        sections.put("serf_lan", serf(pool.stats()));
        wan.ifPresent(beyond -> {
            sections.put("serf_wan", serf(beyond.pool().stats()));
            beyond.keyMismatch()
                    .get()
                    .ifPresent(difference -> sections.put("keyrings", section("mismatch", difference)));
        });
        pool.plaintext().ifPresent(phase -> sections.put("plaintext", plaintext(phase)));
        sections.putAll(more);
        return new Json.Fields(sections);
    }

    private static Json client(AgentFacts facts, Pool pool) {
        return section(
                "acl",
                acl(facts),
                "known_servers",
                Long.toString(knownServers(pool)),
                "server",
                Boolean.toString(isServer(facts)));
    }

    private static String acl(AgentFacts facts) {
        return facts.debugConfig().get("ACLsEnabled").asText().equals("true") ? "enabled" : "disabled";
    }

    /** Nobody leads here. */
    private static Json server(AgentFacts facts, Wan wan) {
        return section(
                "acl",
                acl(facts),
                "bootstrap",
                "false",
                "known_datacenters",
                Integer.toString(wan.datacenters().getAsInt()),
                "leader",
                "false",
                "leader_addr",
                "",
                "server",
                Boolean.toString(isServer(facts)));
    }

    private static boolean isServer(AgentFacts facts) {
        return facts.debugConfig().get("ServerMode").asText().equals("true");
    }

    private static long knownServers(Pool pool) {
        return pool.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .filter(member -> CONSUL_SERVER_ROLE.equals(member.tags().get("role")))
                .count();
    }

    /** Go's names for the platform, because operators compare agents; a goroutine's counterpart is a thread. */
    private static Json runtime() {
        String processors = Integer.toString(Runtime.getRuntime().availableProcessors());
        String architecture = System.getProperty("os.arch", "");
        return section(
                "arch",
                architecture.equals("aarch64") ? "arm64" : architecture,
                "cpu_count",
                processors,
                "goroutines",
                Integer.toString(Thread.activeCount()),
                "max_procs",
                processors,
                "os",
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                "version",
                "java" + Runtime.version());
    }

    private static Json serf(PoolStats stats) {
        return section(
                "coordinate_resets",
                "0",
                "encrypted",
                Boolean.toString(stats.encrypted()),
                "event_queue",
                Integer.toString(stats.eventQueue()),
                "event_time",
                Long.toString(stats.eventTime()),
                "failed",
                Integer.toString(stats.failed()),
                "health_score",
                Integer.toString(stats.healthScore()),
                "intent_queue",
                Integer.toString(stats.intentQueue()),
                "left",
                Integer.toString(stats.left()),
                "member_time",
                Long.toString(stats.memberTime()),
                "members",
                Integer.toString(stats.members()),
                "query_queue",
                Integer.toString(stats.queryQueue()),
                "query_time",
                Long.toString(stats.queryTime()));
    }

    /** Ours, and only while it lasts: an agent of Consul has no such section. */
    private static Json plaintext(PlaintextPhase phase) {
        return section(
                "accepted_since",
                phase.since().toString(),
                "overdue_seconds",
                Long.toString(phase.overdue().toSeconds()),
                "until",
                phase.deadline().map(Instant::toString).orElse("without end"));
    }

    private static Json section(String... namesAndValues) {
        Map<String, Json> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], Json.of(namesAndValues[i + 1]));
        }
        return new Json.Fields(fields);
    }
}
