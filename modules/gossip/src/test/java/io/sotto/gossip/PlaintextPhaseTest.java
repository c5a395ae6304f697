package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A time in which plaintext is taken in beside a key is seen, and loud once it should be over. */
class PlaintextPhaseTest {
    private static final String ACCEPTED = "memberlist: plaintext is accepted beside sealed packets";
    private static final String OVERDUE = "memberlist: plaintext is still accepted";
    private static final GossipKey KEY = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");

    private VirtualPools rig;

    @BeforeEach
    void setUp() throws InterruptedException {
        rig = new VirtualPools();
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void anEnforcedPoolAndOneWithoutKeysHaveNone() throws InterruptedException {
        VirtualPools.Node strict =
                rig.start("strict", VirtualPools.keyed("AAECAwQFBgcICQoLDA0ODw=="), PoolSettings.Joining.nobody());
        VirtualPools.Node plain = rig.start("plain");
        rig.virtual.pass(Duration.ofHours(3));

        assertThat(strict.state().plaintextPhase()).isEmpty();
        assertThat(plain.state().plaintextPhase()).isEmpty();
        assertThat(value(strict, GossipMetric.PLAINTEXT_OPEN)).isZero();
    }

    @Test
    void itIsSaidAtItsBeginningAndEachHourAndNeverAnErrorWithoutDeadline() {
        rig.virtual.expectWarning(ACCEPTED + " without end");

        PoolState state = start(PlaintextUntil.forever());
        rig.virtual.pass(Duration.ofHours(2).plusMinutes(30));

        assertThat(state.plaintextPhase()).map(PlaintextPhase::deadline).hasValue(Optional.empty());
        assertThat(rig.virtual.warnings()).hasSize(3).allMatch(line -> line.startsWith(ACCEPTED));
        assertThat(value(state, GossipMetric.PLAINTEXT_OPEN)).isEqualTo(1);
        assertThat(value(state, GossipMetric.PLAINTEXT_OVERDUE)).isZero();
    }

    @Test
    void pastItsDeadlineItIsAnErrorEachMinuteAndGoesOnAllTheSame() {
        rig.virtual.expectWarning(ACCEPTED + " until ");
        rig.virtual.expectWarning(OVERDUE);
        PoolState state = start(new PlaintextUntil(Optional.of(Duration.ofMinutes(10)), Optional.empty()));
        rig.virtual.pass(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(rig.virtual.warnings()).hasSize(1);

        rig.virtual.pass(Duration.ofMinutes(5));

        List<String> loud = rig.virtual.warnings().stream()
                .filter(line -> line.startsWith(OVERDUE))
                .toList();
        assertThat(loud).hasSize(5);
        assertThat(value(state, GossipMetric.PLAINTEXT_OVERDUE)).isBetween(298L, 300L);
        assertThat(state.plaintextPhase()).isPresent();
        assertThat(state.policy().refusesPlaintext()).isFalse();
    }

    @Test
    void anInstantIsADeadlineToo() {
        rig.virtual.expectWarning(ACCEPTED);
        rig.virtual.expectWarning(OVERDUE);
        Instant end = rig.virtual.time().wall().plusSeconds(90);

        PoolState state = start(new PlaintextUntil(Optional.empty(), Optional.of(end)));
        rig.virtual.pass(Duration.ofSeconds(91));

        assertThat(state.plaintextPhase()).map(PlaintextPhase::deadline).hasValue(Optional.of(end));
        assertThat(rig.virtual.warnings())
                .filteredOn(line -> line.startsWith(OVERDUE))
                .hasSize(1);
    }

    @Test
    void aDeadlineThatIsMovedCountsFromThenAndIsQuietAgain() {
        rig.virtual.expectWarning(ACCEPTED);
        rig.virtual.expectWarning(OVERDUE);
        PoolState state = start(new PlaintextUntil(Optional.of(Duration.ofMinutes(1)), Optional.empty()));
        rig.virtual.pass(Duration.ofSeconds(90));
        int before = rig.virtual.warnings().size();

        state.plaintext().until(new PlaintextUntil(Optional.of(Duration.ofMinutes(30)), Optional.empty()));
        rig.virtual.pass(Duration.ofMinutes(29));

        assertThat(value(state, GossipMetric.PLAINTEXT_OVERDUE)).isZero();
        assertThat(rig.virtual.warnings().subList(before, rig.virtual.warnings().size()))
                .singleElement()
                .asString()
                .startsWith(ACCEPTED + " until ");
    }

    @Test
    void theSettingIsADurationAnInstantOrNothing() {
        assertThat(parsed("")).isEqualTo(PlaintextUntil.forever());
        assertThat(parsed("2h")).isEqualTo(new PlaintextUntil(Optional.of(Duration.ofHours(2)), Optional.empty()));
        assertThat(parsed("2026-12-01T06:00:00Z"))
                .isEqualTo(new PlaintextUntil(Optional.empty(), Optional.of(Instant.parse("2026-12-01T06:00:00Z"))));
        assertThatThrownBy(() -> parsed("soon")).isInstanceOf(ConfigException.class);
    }

    private static PlaintextUntil parsed(String text) {
        return PlaintextUntil.from(ConfigFactory.parseString("until = \"" + text + "\""), "until");
    }

    private PoolState start(PlaintextUntil until) {
        KeySettings keys = new KeySettings(Optional.of(KEY), Optional.empty(), false, false);
        PoolSettings settings = rig.settings("a", VirtualPools.address(1), keys, PoolSettings.Joining.nobody())
                .withPlaintextUntil(until);
        PoolEnvironment environment = rig.environment();
        PoolState state = PoolState.create(settings, environment.time());
        rig.virtual.spawn(GossipPool.create(settings, environment, state));
        rig.virtual.pass(Duration.ofMillis(100));
        return state;
    }

    private static long value(VirtualPools.Node node, GossipMetric metric) {
        return value(node.state(), metric);
    }

    private static long value(PoolState state, GossipMetric metric) {
        return (long) state.metrics().stream()
                .filter(one -> one.name().equals(metric.metric()))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
