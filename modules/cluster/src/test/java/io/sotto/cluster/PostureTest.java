package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node on loopback says of its own security. */
class PostureTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    private final ActorTestKit kit = ActorTestKit.create("posture-test", ConfigFactory.load());

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aNodeWithoutKeyAndCertificateSaysSo() {
        Posture posture = start("a", "").posture();

        assertThat(posture.lan().encryption()).isEqualTo(Posture.Encryption.NONE);
        assertThat(posture.lan().step()).isEqualTo(Posture.Step.PLAIN);
        assertThat(posture.lan().keyIds()).isEmpty();
        assertThat(posture.wan()).isEmpty();
        assertThat(posture.tls().serves()).isFalse();
        assertThat(posture.tls().certificateEnds()).isEmpty();
        assertThat(posture.tls().minVersion()).isEqualTo("tls12");
    }

    @Test
    void eachStepOfAnUpshiftIsAPosture() {
        Sotto sotto = start("a", "");
        Config given = section("a", "encrypt = \"" + KEY + "\"");

        assertThat(reloaded(sotto, given, false, false).step()).isEqualTo(Posture.Step.KEYED);
        assertThat(sotto.posture().lan().encryption()).isEqualTo(Posture.Encryption.PARTIAL);
        assertThat(sotto.posture().lan().plaintext()).isPresent();
        assertThat(reloaded(sotto, given, false, true).step()).isEqualTo(Posture.Step.OUTGOING);
        Posture.Gossip enforced = reloaded(sotto, given, true, true);

        assertThat(enforced.step()).isEqualTo(Posture.Step.INCOMING);
        assertThat(enforced.encryption()).isEqualTo(Posture.Encryption.ENFORCED);
        assertThat(enforced.plaintext()).isEmpty();
        assertThat(enforced.primaryKeyId()).contains(GossipKey.parse(KEY).id());
    }

    @Test
    void whoSpeaksInTheClearOrWithAnOldKeyIsNamed() {
        Sotto mixed = start(
                "a", "encrypt = \"" + KEY + "\", encrypt-verify-incoming = false, encrypt-verify-outgoing = false");
        Sotto plain = start("b", "");
        Sotto old = start("c", "encrypt = \"" + KEY + "\", encrypt-verify-incoming = false");
        join(plain, mixed);
        mixed.keyring().install(GossipKey.parse(OTHER)).toCompletableFuture().join();
        mixed.keyring().use(GossipKey.parse(OTHER)).toCompletableFuture().join();
        old.keyring().install(GossipKey.parse(OTHER)).toCompletableFuture().join();
        join(mixed, old);

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Posture.Gossip seen = mixed.posture().lan();
            assertThat(seen.plaintextFrom()).containsKey("b").doesNotContainKey("c");
            assertThat(seen.oldKeysFrom())
                    .isEqualTo(Map.of("c", GossipKey.parse(KEY).id()));
        });
        assertThat(mixed.posture().toString()).doesNotContain(KEY).doesNotContain(OTHER);
        assertThat(mixed.posture().asMap().toString()).doesNotContain(KEY).doesNotContain(OTHER);
    }

    @Test
    void itsMapHoldsNothingThatAWriterOfJsonHasToKnow() {
        assertThat(plain(start("a", "encrypt = \"" + KEY + "\"").posture().asMap()))
                .isTrue();
    }

    private static boolean plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream().allMatch(String.class::isInstance)
                    && map.values().stream().allMatch(PostureTest::plain);
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(PostureTest::plain);
        }
        return value instanceof String || value instanceof Boolean || value instanceof Integer || value instanceof Long;
    }

    private static void join(Sotto from, Sotto to) {
        JoinOutcome outcome = from.join(List.of(to.self().address().toString()))
                .toCompletableFuture()
                .join();
        assertThat(outcome.failures()).isEmpty();
    }

    private static Posture.Gossip reloaded(Sotto sotto, Config section, boolean incoming, boolean outgoing) {
        Config next = ConfigFactory.parseString(
                        "encrypt-verify-incoming = " + incoming + ", encrypt-verify-outgoing = " + outgoing)
                .withFallback(section);
        assertThat(sotto.reload(next).toCompletableFuture().join()).isInstanceOf(Reloaded.Applied.class);
        return sotto.posture().lan();
    }

    private Sotto start(String name, String further) {
        Sotto sotto = Sotto.create(kit.system(), section(name, further));
        sotto.started().toCompletableFuture().join();
        return sotto;
    }

    private static Config section(String name, String further) {
        return ConfigFactory.parseString(further)
                .withFallback(
                        ConfigFactory.parseString(
                                "node-name = " + name
                                        + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf, leave-on-shutdown = false"));
    }
}
