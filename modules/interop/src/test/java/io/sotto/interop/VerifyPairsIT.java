package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who gets along with whom while a pool moves from plaintext to enforced encryption: every pair of postures, sotto on
 * either side of a real Consul agent, with the outcome and the words that two real agents have for it.
 *
 * <p>Source: agent specification, section 4, the matrix of joins.
 */
@NeedsPeer("consul")
@Execution(ExecutionMode.CONCURRENT)
class VerifyPairsIT {
    /** What an agent has set: no key, or the key and the two flags, incoming first. */
    enum Posture {
        PLAIN,
        K00,
        K01,
        K11,
        K10;

        Map<String, Object> settings() {
            Map<String, Object> settings = new LinkedHashMap<>();
            if (this != PLAIN) {
                settings.put("encrypt", KEY);
                settings.put("encrypt_verify_incoming", name().charAt(1) == '1');
                settings.put("encrypt_verify_outgoing", name().charAt(2) == '1');
            }
            return settings;
        }
    }

    /** What becomes of a join: both live together, or the joiner is told why not. */
    record Pair(Posture seed, Posture joiner, Optional<String> refusal) {
        @Override
        public String toString() {
            return seed + " joined by " + joiner
                    + refusal.map(why -> ": " + why).orElse(": alive");
        }
    }

    private static final String KEY = Keys.random(32);
    private static final String KEYLESS = "Remote state is encrypted and encryption is not configured";
    private static final String PLAINTEXT = "Encryption is configured but remote state is not encrypted";
    private static final String REMOTE = "remote error: ";
    private static final Duration START = Duration.ofSeconds(30);
    /** A fast rhythm, so that who was taken in by one side only is found out soon. */
    private static final Map<String, Object> FAST =
            Map.of("probe_interval", "200ms", "probe_timeout", "100ms", "suspicion_mult", 2);

    private static final Path DIRECTORY = NodeFiles.directory("verify pairs");

    private Optional<ConsulProcess> consul = Optional.empty();
    private Optional<ActorSystem<Void>> system = Optional.empty();

    static Stream<Pair> pairs() {
        Map<Posture, List<String>> table = new LinkedHashMap<>();
        table.put(Posture.PLAIN, List.of("ok", "ok", REMOTE + KEYLESS, PLAINTEXT, PLAINTEXT));
        table.put(Posture.K00, List.of("ok", "ok", "ok", PLAINTEXT, PLAINTEXT));
        table.put(Posture.K01, List.of(KEYLESS, "ok", "ok", "ok", "ok"));
        table.put(Posture.K11, List.of(KEYLESS, REMOTE + PLAINTEXT, "ok", "ok", REMOTE + PLAINTEXT));
        table.put(Posture.K10, List.of(REMOTE + PLAINTEXT, REMOTE + PLAINTEXT, "ok", PLAINTEXT, PLAINTEXT));
        List<Posture> joiners = List.of(Posture.values());
        return table.entrySet().stream()
                .flatMap(row -> IntStream.range(0, joiners.size())
                        .mapToObj(column -> new Pair(
                                row.getKey(),
                                joiners.get(column),
                                Optional.of(row.getValue().get(column)).filter(text -> !text.equals("ok")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void sottoJoinsARealAgent(Pair pair) throws Exception {
        ConsulProcess seed = consul("real-seed-" + pair.seed() + "-" + pair.joiner(), pair.seed());
        seed.start(List.of());
        Pool joiner = sotto("sotto-joiner", pair.joiner());

        JoinOutcome outcome = joiner.join(List.of(seed.site().address()))
                .toCompletableFuture()
                .get(START.toSeconds(), TimeUnit.SECONDS);

        if (pair.refusal().isEmpty()) {
            assertThat(outcome.failures()).isEmpty();
            awaitBothAlive(seed, joiner);
        } else {
            assertThat(outcome.failures())
                    .singleElement()
                    .satisfies(failure ->
                            assertThat(failure.reason()).endsWith(pair.refusal().get()));
            awaitApart(seed, joiner);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void aRealAgentJoinsSotto(Pair pair) throws Exception {
        Pool seed = sotto("sotto-seed", pair.seed());
        ConsulProcess joiner = consul("real-joiner-" + pair.seed() + "-" + pair.joiner(), pair.joiner());
        joiner.start(List.of());

        HttpResponse<String> outcome =
                joiner.api().put("/v1/agent/join/" + seed.self().address());

        if (pair.refusal().isEmpty()) {
            assertThat(outcome.statusCode()).as(outcome.body()).isEqualTo(200);
            awaitBothAlive(joiner, seed);
        } else {
            assertThat(outcome.statusCode()).isEqualTo(500);
            assertThat(outcome.body().strip()).endsWith(": " + pair.refusal().get());
            awaitApart(joiner, seed);
        }
    }

    @AfterEach
    void end() throws Exception {
        consul.ifPresent(ConsulProcess::close);
        if (system.isPresent()) {
            system.get().terminate();
            system.get().getWhenTerminated().toCompletableFuture().get(START.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void awaitBothAlive(ConsulProcess real, Pool sotto) {
        Awaitility.await().atMost(FormulaTime.joinBound()).untilAsserted(() -> {
            assertThat(alive(real))
                    .containsExactlyInAnyOrder(real.name(), sotto.self().name());
            assertThat(alive(sotto))
                    .containsExactlyInAnyOrder(real.name(), sotto.self().name());
        });
    }

    /** One side may have taken the other in before it turned out that they cannot talk. */
    private static void awaitApart(ConsulProcess real, Pool sotto) {
        Awaitility.await().atMost(FormulaTime.failureBound(2)).untilAsserted(() -> {
            assertThat(alive(real)).containsExactly(real.name());
            assertThat(alive(sotto)).containsExactly(sotto.self().name());
        });
    }

    private static Set<String> alive(ConsulProcess real) {
        return real.members().stream()
                .filter(member -> member.status().equals("alive"))
                .map(MemberLine::name)
                .collect(Collectors.toSet());
    }

    private static Set<String> alive(Pool sotto) {
        return sotto.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .map(Member::name)
                .collect(Collectors.toSet());
    }

    private ConsulProcess consul(String name, Posture posture) {
        ConsulProcess process = new ConsulProcess(
                        name, Site.ipv4(Site.CONSUL_PORT), DIRECTORY, ConsulProcess.Role.CLIENT, Optional.empty())
                .with("gossip_lan", FAST)
                .with("disable_keyring_file", true);
        posture.settings().forEach(process::with);
        consul = Optional.of(process);
        return process;
    }

    private Pool sotto(String name, Posture posture) throws Exception {
        Site site = Site.ipv4(Site.CONSUL_PORT);
        Map<String, Object> settings = new LinkedHashMap<>();
        posture.settings().forEach((key, value) -> settings.put(key.replace('_', '-'), value));
        settings.put("node-name", name);
        settings.put("bind-addr", site.ip());
        settings.put("ports.serf-lan", site.port());
        FAST.forEach((key, value) -> settings.put("gossip-lan." + key.replace('_', '-'), value));
        Config quiet = ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING", "sotto.profile", "consul-client"))
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> made = ActorSystem.create(
                Behaviors.empty(),
                name,
                ConfigFactory.parseMap(settings).atPath("sotto").withFallback(quiet));
        system = Optional.of(made);
        Pool pool = Sotto.get(made).lan();
        pool.started().toCompletableFuture().get(START.toSeconds(), TimeUnit.SECONDS);
        return pool;
    }
}
