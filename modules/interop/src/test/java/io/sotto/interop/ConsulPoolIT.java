package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sotto agent is a client member of a real Consul datacenter, with and without encryption. Beside the two datacenters
 * stands a third one without sotto, so that what Consul complains about by itself can be told from what sotto caused.
 *
 * <p>The tests share the datacenters and take their turns: first everything is quiet, then members leave.
 * {@code -Dsotto.interop.quiet=10m} listens longer.
 */
@NeedsPeer("consul")
@Isolated("it listens for complaints that a busy machine could cause as well")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsulPoolIT {
    private static final Duration QUIET = quiet();
    /** An election, and the leader's reconciliation with the pool. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<ConsulDatacenter, AgentProcess> sottos = new HashMap<>();
    private final Map<ConsulDatacenter, ConsulProcess> leavers = new HashMap<>();
    private final Map<ConsulDatacenter, ConsulProcess> victims = new HashMap<>();
    private final List<ConsulDatacenter> joined = new ArrayList<>();
    private Optional<ConsulDatacenter> control = Optional.empty();

    @BeforeAll
    void form() {
        joined.add(ConsulDatacenter.start("encrypted", Optional.of(Keys.random(32))));
        joined.add(ConsulDatacenter.start("plain", Optional.empty()));
        ConsulDatacenter without = ConsulDatacenter.start("without sotto", Optional.of(Keys.random(32)));
        control = Optional.of(without);
        for (ConsulDatacenter datacenter : joined) {
            sottos.put(datacenter, datacenter.sotto("sotto-1"));
            leavers.put(datacenter, datacenter.client("client-1"));
            victims.put(datacenter, datacenter.client("client-2"));
        }
        without.client("client-1");
        without.client("client-2");
        for (ConsulDatacenter datacenter : all()) {
            datacenter.pool().awaitAgreement("all members see each other", FormulaTime.joinBound());
            await(
                    datacenter,
                    "a leader registers every member",
                    () -> assertThat(catalog(datacenter)).containsExactlyInAnyOrderElementsOf(names(datacenter)));
        }
    }

    @AfterAll
    void close() {
        all().forEach(ConsulDatacenter::close);
    }

    List<ConsulDatacenter> joined() {
        return joined;
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(1)
    void consulMembersShowsSottoAliveWithItsTags(ConsulDatacenter datacenter) {
        AgentProcess sotto = sotto(datacenter);
        String line = datacenter.server().detailedLine(sotto.name());
        String id =
                sotto.api().get("/v1/agent/self").path("Config").path("NodeID").asText();

        assertThat(line)
                .contains(sotto.site().address())
                .contains("alive")
                .contains("role=node")
                .contains("dc=dc1")
                .contains("id=" + id)
                .contains("vsn=2,vsn_max=3,vsn_min=2")
                .contains("acls=0")
                .contains("segment=<default>")
                .containsPattern("build=\\d+\\.\\d+\\.\\d+[^,]*");
        assertThat(line).as("sotto does not pass for a Consul release").doesNotContain("build=1.");
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(1)
    void theCatalogListsSottoWithAPassingHealthCheck(ConsulDatacenter datacenter) {
        AgentProcess sotto = sotto(datacenter);
        await(datacenter, "the catalog lists sotto as healthy", () -> {
            JsonNode checks = datacenter.server().api().get("/v1/health/node/" + sotto.name());
            assertThat(checks.findValuesAsText("CheckID")).containsExactly("serfHealth");
            assertThat(checks.findValuesAsText("Status")).containsExactly("passing");
        });
        assertThat(datacenter
                        .server()
                        .api()
                        .get("/v1/catalog/node/" + sotto.name())
                        .path("Node")
                        .path("Address")
                        .asText())
                .isEqualTo(sotto.site().ip());
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(1)
    void bothVerbsAgree(ConsulDatacenter datacenter) {
        assertThat(sotto(datacenter).membersByVerb())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(datacenter.server().members());
    }

    @Test
    @Order(2)
    void nobodyComplainsOrFlapsForAWhile() {
        Map<ConsulDatacenter, List<LogLines>> before = new HashMap<>();
        all().forEach(datacenter -> before.put(datacenter, datacenter.logs()));
        Awaitility.await("members stay as they are")
                .during(QUIET)
                .atMost(QUIET.plus(SETTLING))
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> joined.forEach(datacenter -> assertThat(
                                datacenter.server().members())
                        .containsExactlyInAnyOrderElementsOf(datacenter.pool().expectedOf(datacenter.server()))));
        Timings.add("consul", "nobody complained or flapped", QUIET, QUIET);

        Set<String> byItself = new HashSet<>();
        all().stream()
                .filter(datacenter -> !sottos.containsKey(datacenter))
                .flatMap(datacenter -> since(datacenter, before))
                .flatMap(log -> log.trouble().stream())
                .forEach(line -> byItself.add(LogLines.kind(line)));
        for (ConsulDatacenter datacenter : joined) {
            assertThat(since(datacenter, before).flatMap(log -> log.events().stream()))
                    .as("members that came or went in %s", datacenter.name())
                    .isEmpty();
            assertThat(since(datacenter, before)
                            .flatMap(log -> log.trouble().stream())
                            .filter(line -> !byItself.contains(LogLines.kind(line))))
                    .as("warnings in %s that a datacenter without sotto does not have", datacenter.name())
                    .isEmpty();
        }
    }

    @Test
    @Order(2)
    void anotherDatacentersNameATakenNameAndATakenAddressAreRefusedBeforeAnybodyHeardOfThem() {
        ConsulDatacenter datacenter = joined.get(0);
        ConsulProcess server = datacenter.server();
        List<String> flags = List.of("-join", server.site().address());
        List<LogLines> before = datacenter.logs();

        datacenter.newSotto("lost").with("datacenter", "dc9").assertRefused(flags, "part of wrong datacenter 'dc1'");
        datacenter
                .newSotto(server.name())
                .assertRefused(
                        flags,
                        "'" + server.name() + "' is already taken",
                        server.site().address());
        datacenter
                .newSotto("astray")
                .with("advertise_addr", server.site().ip())
                .assertRefused(flags, server.site().address() + " is already taken by member '" + server.name() + "'");

        datacenter.pool().awaitAgreement("unharmed", FormulaTime.joinBound());
        assertThat(since(datacenter, Map.of(datacenter, before))
                        .flatMap(log -> Stream.concat(log.events().stream(), log.trouble().stream())))
                .as("what the real members noticed of it")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(3)
    void aConsulLeaveIsFollowed(ConsulDatacenter datacenter) {
        ConsulProcess leaver = find(leavers, datacenter);
        datacenter.pool().leave(leaver);
        datacenter.pool().awaitAgreement("consul leave: left, not failed", FormulaTime.leaveBound());
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(4)
    void aConsulForceLeaveIsFollowed(ConsulDatacenter datacenter) {
        ConsulProcess victim = find(victims, datacenter);
        Pool pool = datacenter.pool();
        pool.kill(victim);
        pool.awaitAgreement("a client was killed: failed", FormulaTime.failureBound(pool.size()));
        datacenter.server().forceLeave(victim.name());
        pool.expect(victim, "left");
        pool.awaitAgreement("consul force-leave: left", FormulaTime.leaveBound());
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("joined")
    @Order(5)
    void aKilledSottoFailsAndReturnsAndItsLeaveTakesItFromTheCatalog(ConsulDatacenter datacenter) {
        AgentProcess sotto = sotto(datacenter);
        Pool pool = datacenter.pool();
        pool.kill(sotto);
        pool.awaitAgreement("sotto was killed: failed", FormulaTime.failureBound(pool.size()));
        pool.start(sotto, datacenter.seeds());
        pool.awaitAgreement("sotto returned: alive", FormulaTime.joinBound());
        pool.leave(sotto);
        pool.awaitAgreement("sotto leave: left, not failed", FormulaTime.leaveBound());
        await(
                datacenter,
                "the catalog forgets sotto",
                () -> assertThat(catalog(datacenter)).doesNotContain(sotto.name()));
    }

    private Stream<LogLines> since(ConsulDatacenter datacenter, Map<ConsulDatacenter, List<LogLines>> before) {
        List<LogLines> then = before.getOrDefault(datacenter, List.of());
        return datacenter.logs().stream()
                .flatMap(now -> then.stream()
                        .filter(earlier -> earlier.node().equals(now.node()))
                        .map(now::since));
    }

    private AgentProcess sotto(ConsulDatacenter datacenter) {
        return find(sottos, datacenter);
    }

    private static <T> T find(Map<ConsulDatacenter, T> nodes, ConsulDatacenter datacenter) {
        return Optional.ofNullable(nodes.get(datacenter)).orElseThrow();
    }

    private List<ConsulDatacenter> all() {
        return Stream.concat(joined.stream(), control.stream()).toList();
    }

    private static List<String> names(ConsulDatacenter datacenter) {
        return datacenter.pool().expectedOf(datacenter.server()).stream()
                .map(MemberLine::name)
                .toList();
    }

    private static List<String> catalog(ConsulDatacenter datacenter) {
        return datacenter.server().api().get("/v1/catalog/nodes").findValuesAsText("Node");
    }

    private static void await(ConsulDatacenter datacenter, String step, ThrowingRunnable check) {
        long started = System.nanoTime();
        Awaitility.await(datacenter.name() + ": " + step)
                .atMost(SETTLING)
                .pollInterval(POLL)
                .ignoreExceptions()
                .untilAsserted(check);
        Timings.add("consul, " + datacenter.name(), step, Duration.ofNanos(System.nanoTime() - started), SETTLING);
    }

    /** {@code 2m} unless {@code sotto.interop.quiet} says otherwise. */
    private static Duration quiet() {
        return Duration.parse("PT" + System.getProperty("sotto.interop.quiet", "2m"));
    }
}
