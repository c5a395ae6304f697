package io.sotto.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.health.Health;
import io.sotto.cluster.health.HealthSettings;
import io.sotto.cluster.health.SottoHealth;
import io.sotto.gossip.PoolSettings;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether simulated members are well, as time passes and things happen to them. */
class SottoHealthTest {
    private static final Duration MARGIN = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofMillis(500);

    private final SimCluster cluster = SimCluster.builder()
            .members(3)
            .change(pool -> pool.rules().self().equals("lost")
                    ? pool.withJoining(
                            new PoolSettings.Joining(List.of("10.99.0.1"), List.of(), Duration.ofSeconds(30), 0))
                    : pool)
            .build();
    private Optional<Duration> certificateEnds = Optional.empty();

    @AfterEach
    void tearDown() {
        cluster.close();
    }

    @Test
    void readinessFailsAMarginBeforeTheCertificateDoesAndStartUpDoesNot() {
        cluster.start();
        certificateEnds = Optional.of(Duration.ofMinutes(20));
        SottoHealth health = of(cluster.member("n1"), Set.of());
        cluster.run(Duration.ofMinutes(10).minusMillis(1));
        assertThat(now(health.readiness())).isEmpty();

        cluster.run(Duration.ofMillis(1));
        assertThat(now(health.readiness())).containsExactly("the certificate is valid for 10 more minutes only");
        cluster.run(Duration.ofMinutes(10));
        assertThat(now(health.readiness())).containsExactly("the certificate is no longer valid");
        assertThat(now(health.startup())).isEmpty();
        assertThat(now(health.liveness())).isEmpty();

        certificateEnds = Optional.of(Duration.ofDays(1));
        assertThat(now(health.readiness())).isEmpty();
    }

    @Test
    void aPoolWithAJoinListHasStartedOnceAnotherMemberWasMetAndStaysSo() {
        cluster.start();
        SottoHealth health = of(cluster.member("n1"), Set.of("lan"));
        cluster.run(Duration.ofSeconds(1));
        assertThat(now(health.startup())).containsExactly("lan: has met no other member yet");
        assertThat(now(health.readiness())).containsExactly("lan: has met no other member yet");
        assertThat(now(health.liveness())).isEmpty();

        cluster.join(cluster.member("n2"), cluster.member("n1"));
        cluster.run(Duration.ofSeconds(1));
        assertThat(now(health.startup())).isEmpty();
        assertThat(now(health.readiness())).isEmpty();

        cluster.kill(cluster.member("n2"));
        cluster.run(Duration.ofMinutes(1));
        assertThat(now(health.readiness())).isEmpty();
    }

    @Test
    void whoHasLeftIsNotReady() {
        cluster.formed();
        SottoHealth health = of(cluster.member("n2"), Set.of("lan"));
        assertThat(now(health.readiness())).isEmpty();
        cluster.leave(cluster.member("n2"));
        cluster.run(Duration.ofSeconds(10));
        assertThat(now(health.readiness())).containsExactly("lan: this node is left");
    }

    @Test
    void actorsThatDoNotAnswerInTimeAreNotAlive() {
        cluster.formed();
        SimMember member = cluster.member("n3");
        SottoHealth health = of(member, Set.of());
        assertThat(now(health.liveness())).isEmpty();

        cluster.pause(member);
        CompletableFuture<Health> late = health.liveness().toCompletableFuture();
        cluster.run(ANSWER.minusMillis(1));
        assertThat(late).isNotDone();
        cluster.run(Duration.ofMillis(1));
        assertThat(late.join().problems()).containsExactly("lan: its actors do not answer within 500ms");
        cluster.resume(member);
        assertThat(now(health.liveness())).isEmpty();
    }

    @Test
    void whatCouldNotStartIsNeitherStartedNorReadyNorAlive() {
        SimMember lost = cluster.add("lost");
        SottoHealth health = of(lost, Set.of());
        assertThat(now(health.startup())).containsExactly("lan: is starting");
        assertThat(now(health.liveness())).isEmpty();

        cluster.run(Duration.ofMinutes(1));
        for (CompletionStage<Health> check : List.of(health.startup(), health.readiness(), health.liveness())) {
            assertThat(now(check)).first().asString().startsWith("lan: could not start: ");
        }
    }

    @Test
    void callsThatAreToBeTakenAndCannotBeAreTold() {
        cluster.start();
        cluster.run(Duration.ofSeconds(1));
        CompletableFuture<Object> listens = new CompletableFuture<>();
        SottoHealth health = of(cluster.member("n1"), listens, new HealthSettings(Set.of(), false, MARGIN, ANSWER));
        assertThat(now(health.startup())).containsExactly("calls are not taken yet");
        listens.completeExceptionally(new IllegalStateException("port 8300 is taken"));
        assertThat(now(health.readiness())).containsExactly("calls: port 8300 is taken");
    }

    @Test
    void aPoolThatShouldHaveAKeyAndHasNoneIsNotReady() {
        cluster.start();
        cluster.run(Duration.ofSeconds(1));
        SottoHealth health = of(
                cluster.member("n1"),
                CompletableFuture.completedFuture(""),
                new HealthSettings(Set.of(), true, MARGIN, ANSWER));
        assertThat(now(health.startup())).isEmpty();
        assertThat(now(health.readiness())).containsExactly("lan: there is no key on the keyring");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''",
                "start-join = [a]|lan",
                "retry-join = [a]|lan",
                "discovery-join { method = config }|lan",
                "discovery-join { service = x }|''",
                "retry-join-wan = [a]|wan",
                "retry-join = [a], health.join-required = false|''"
            })
    void aJoinListIsWhatHasToBeJoined(String settings, String pools) {
        assertThat(String.join(" ", settings(settings).joined())).isEqualTo(pools);
    }

    @ParameterizedTest
    @ValueSource(strings = {"health.certificate-margin = -1s", "health.answer-within = 0s"})
    void settingsThatCannotBeAreRefused(String settings) {
        assertThatThrownBy(() -> settings(settings)).isInstanceOf(ConfigException.class);
    }

    private static HealthSettings settings(String text) {
        return HealthSettings.of(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.load().getConfig("sotto")));
    }

    private SottoHealth of(SimMember member, Set<String> joined) {
        return of(member, CompletableFuture.completedFuture(""), new HealthSettings(joined, false, MARGIN, ANSWER));
    }

    private SottoHealth of(SimMember member, CompletionStage<?> takesCalls, HealthSettings settings) {
        SottoHealth health = SottoHealth.over(
                cluster.virtual().system(),
                List.of(member.lan()),
                takesCalls,
                () -> certificateEnds.map(end -> end.minus(cluster.now())),
                settings);
        // The pool tells whether it has started when it is asked first.
        cluster.virtual().settle();
        return health;
    }

    /** What a check finds without time passing. */
    private List<String> now(CompletionStage<Health> check) {
        cluster.virtual().settle();
        return check.toCompletableFuture().join().problems();
    }
}
