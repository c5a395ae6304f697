package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.Reloaded;
import io.sotto.wire.crypto.GossipKey;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code agent -dev} makes a key up and keeps no ring; what a reload makes of that. */
class DevReloadTest {
    private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    private final SettingsLoader loader = AgentVerb.loader(new Console(silent(), silent(), Map.of()));
    private final SettingsRequest request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), true)
            .withFlag("node-name", "dev")
            .withFlag("ports.serf-lan", "0")
            .withFlag("ports.http", "-1");
    private AgentNode node;
    private String key;

    @BeforeEach
    void start() {
        LoadResult.Loaded loaded = loaded(request);
        key = GossipKey.parse(loaded.config().getString("sotto.encrypt")).id();
        node = AgentNode.create(loaded, UUID.randomUUID().toString(), new Build("0.1.0", "", ""), new NoControl());
        node.listen().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        node.stop(Duration.ZERO).toCompletableFuture().join();
    }

    @Test
    void theKeyThatWasMadeUpIsTheSameWhenItIsReadAgain() {
        assertThat(reload(request)).isEqualTo(new Reloaded.Applied(List.of(), List.of(), List.of()));
        assertThat(ring()).containsExactly(key);
    }

    @Test
    void whatElseChangesIsTakenUpAndTheKeyStays() {
        Reloaded outcome = reload(request.withFlag("encrypt-verify-incoming", "false"));

        assertThat(outcome)
                .isEqualTo(new Reloaded.Applied(List.of("encrypt-verify-incoming=false"), List.of(), List.of()));
        assertThat(ring()).containsExactly(key);
    }

    @Test
    void anotherKeyIsRefusedAsAnywhere() {
        Reloaded outcome = reload(request.withFlag("encrypt", OTHER));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Reloaded.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("keyring rotate")
                                .doesNotContain(OTHER));
        assertThat(ring()).containsExactly(key);
    }

    @Test
    void theKeyThatWasMadeUpIsNoNewOneOnceARotationReplacedIt() {
        GossipKey next = GossipKey.parse(OTHER);
        node.pool().keyring().install(next).toCompletableFuture().join();
        node.pool().keyring().use(next).toCompletableFuture().join();
        node.pool().keyring().remove(ofStart()).toCompletableFuture().join();

        assertThat(reload(request.withFlag("gossip-lan.gossip-nodes", "4")))
                .isEqualTo(new Reloaded.Applied(List.of("gossip-lan.gossip-nodes=4"), List.of(), List.of()));
        assertThat(ring()).containsExactly(next.id());
    }

    private GossipKey ofStart() {
        return GossipKey.parse(loaded(request).config().getString("sotto.encrypt"));
    }

    private Reloaded reload(SettingsRequest changed) {
        return node.reload(loaded(changed)).toCompletableFuture().join();
    }

    private LoadResult.Loaded loaded(SettingsRequest asked) {
        return (LoadResult.Loaded) loader.load(asked);
    }

    private List<String> ring() {
        return ((KeyringOutcome.Done)
                        node.pool().keyring().list().toCompletableFuture().join())
                .keyIds();
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Nobody asks it over HTTP, which is off. */
    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<AgentControl.Reloaded> reload() {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody asks"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody asks"));
        }
    }
}
