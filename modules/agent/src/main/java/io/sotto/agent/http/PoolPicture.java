package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.MemberTraffic;
import io.sotto.cluster.PlaintextPhase;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Suspicion;
import io.sotto.wire.metrics.Metric;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What those who watch are told of an agent and its pool: shapes only, each read at the moment of the call. Source: ours;
 * {@code docs/reference/http.md} shows them.
 */
final class PoolPicture {
    private static final double SECONDS_PER_DAY = 86_400;

    private final AgentFacts facts;
    private final Pool pool;
    private final Supplier<List<Metric>> tls;
    private final InstantSource clock;

    /** @param tls the figures of certificates, among others */
    PoolPicture(AgentFacts facts, Pool pool, Supplier<List<Metric>> tls, InstantSource clock) {
        this.facts = facts;
        this.pool = pool;
        this.tls = tls;
        this.clock = clock;
    }

    /** Who tells, and since when: the first that each is told. */
    WatchEvent start() {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Node", Json.of(facts.nodeName()));
        fields.put("Datacenter", Json.of(facts.datacenter()));
        fields.put("Version", Json.of(facts.version()));
        fields.put("At", Json.of(clock.instant().toString()));
        return WatchEvent.of("start", "", new Json.Fields(fields));
    }

    /** All members as they are now. */
    List<WatchEvent> members() {
        return pool.members().stream()
                .map(member -> member(new MemberEvent(MemberEvent.Kind.JOINED, member)))
                .toList();
    }

    static WatchEvent member(MemberEvent event) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Kind", word(event.kind()));
        fields.put("Since", Json.of(event.member().since().toString()));
        fields.put("Incarnation", Json.of(event.member().incarnation()));
        fields.put("Member", Shapes.member(event.member()));
        return WatchEvent.of("member", event.member().name(), new Json.Fields(fields));
    }

    /**
     * Everything else, by what it is about: an entry that is new or has changed is to be told.
     *
     * @param keys the ids of this agent's keys, the primary first; empty without a ring
     */
    Map<String, WatchEvent> states(List<String> keys) {
        Map<String, WatchEvent> states = new LinkedHashMap<>();
        states.put("gossip", gossip(keys));
        states.put("tls", certificates());
        pool.evidence().forEach((name, seen) -> states.put("traffic " + name, traffic(name, seen)));
        List<Suspicion> suspicions = new ArrayList<>(pool.suspicions());
        // The eldest first, so that who reads on has the latest last.
        for (int i = suspicions.size() - 1; i >= 0; i--) {
            Suspicion suspicion = suspicions.get(i);
            states.put(
                    "suspicion " + suspicion.member() + " " + suspicion.start(),
                    WatchEvent.of("suspicion", suspicion.member(), Shapes.suspicion(suspicion)));
        }
        return states;
    }

    private WatchEvent gossip(List<String> keys) {
        Optional<PlaintextPhase> plaintext = pool.plaintext();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Encrypted", Json.of(pool.stats().encrypted()));
        fields.put("Keys", Json.of(keys));
        fields.put(
                "Plaintext",
                plaintext
                        .<Json>map(phase -> {
                            Map<String, Json> open = new LinkedHashMap<>();
                            open.put("Since", Json.of(phase.since().toString()));
                            open.put(
                                    "Until",
                                    Json.of(phase.deadline()
                                            .map(Instant::toString)
                                            .orElse("")));
                            open.put("Overdue", Json.of(!phase.overdue().isZero()));
                            return new Json.Fields(open);
                        })
                        .orElse(Json.Nothing.INSTANCE));
        fields.put("HealthScore", Json.of(pool.stats().healthScore()));
        return WatchEvent.of("gossip", "", new Json.Fields(fields));
    }

    private WatchEvent certificates() {
        Map<String, Json> fields = new LinkedHashMap<>();
        List<Metric> figures = tls.get();
        fields.put(
                "Generation",
                Json.of(figure(figures, "sotto.tls.generation").orElse(0.0).longValue()));
        fields.put("CertificateDays", days(figures, "sotto.tls.certificate.left.seconds"));
        fields.put("AuthorityDays", days(figures, "sotto.tls.authority.left.seconds"));
        return WatchEvent.of("tls", "", new Json.Fields(fields));
    }

    private static Optional<Double> figure(List<Metric> figures, String name) {
        return figures.stream()
                .filter(metric -> metric.name().dotted().equals(name))
                .map(Metric::value)
                .findFirst();
    }

    /** Whole days, those past negative; null for what is not there. */
    private static Json days(List<Metric> figures, String name) {
        return figure(figures, name)
                .<Json>map(seconds -> Json.of((long) Math.floor(seconds / SECONDS_PER_DAY)))
                .orElse(Json.Nothing.INSTANCE);
    }

    /** Without times, which differ with every packet. */
    private static WatchEvent traffic(String member, MemberTraffic seen) {
        boolean isPlain = seen.lastPlain()
                .filter(plain -> seen.lastSealed().filter(plain::isBefore).isEmpty())
                .isPresent();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Member", Json.of(member));
        fields.put("Wire", Json.of(isPlain ? "plain" : seen.lastSealed().isPresent() ? "sealed" : "unknown"));
        fields.put("SealedWith", Json.of(seen.keyId().orElse("")));
        fields.put(
                "Rejected", Json.of(seen.rejected().keySet().stream().sorted().toList()));
        return WatchEvent.of("traffic", member, new Json.Fields(fields));
    }

    private static Json word(Enum<?> constant) {
        return Json.of(constant.name().toLowerCase(Locale.ROOT));
    }
}
