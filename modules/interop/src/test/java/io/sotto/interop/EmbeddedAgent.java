package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/** A whole agent inside this JVM, with its own actor system and its HTTP API: what many of them take together is little. */
final class EmbeddedAgent implements HttpNode {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Site site;
    private final Path directory;
    private final Path settings;
    private final HttpApi api;
    private Optional<AgentNode> node = Optional.empty();

    /** @param settings in sotto's own form; where it lives, and where its data go, need not be in there */
    EmbeddedAgent(String name, Site site, Path directory, Path settings) {
        this.name = name;
        this.site = site;
        this.directory = directory.resolve(name);
        this.settings = settings;
        this.api = new HttpApi(site.control());
    }

    @Override
    public HttpApi api() {
        return api;
    }

    @Override
    public Path ring() {
        return directory.resolve("data/serf/local.keyring");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Site site() {
        return site;
    }

    /** The pool that it is a member of. */
    io.sotto.cluster.Pool pool() {
        return node.orElseThrow().pool();
    }

    @Override
    public void start(List<String> seeds) {
        AgentNode started = AgentNode.create(load(), UUID.randomUUID().toString(), Build.of("0.1.0"), new NoControl());
        node = Optional.of(started);
        await(started.listen());
        join(seeds);
    }

    /** Joins all of these, if there are any. */
    void join(List<String> seeds) {
        if (!seeds.isEmpty()) {
            assertThat(await(pool().join(seeds)).succeeded())
                    .as("%s joins %s", name, seeds)
                    .isTrue();
        }
    }

    /** Takes up what its file says now. */
    void reload() {
        assertThat(await(node.orElseThrow().reload(load())))
                .as(name)
                .isInstanceOf(io.sotto.cluster.Reloaded.Applied.class);
    }

    private LoadResult.Loaded load() {
        SettingsRequest request = new SettingsRequest(
                        List.of(settings.toString()), Optional.empty(), List.of(), Map.of(), false)
                .withFlag("node-name", name)
                .withFlag("data-dir", directory.resolve("data").toString())
                .withFlag("bind-addr", site.ip())
                .withFlag("client-addr", site.control())
                .withFlag("ports.http", Integer.toString(HttpApi.PORT))
                .withFlag("ports.serf-lan", Integer.toString(site.port()));
        LoadResult loaded = new SettingsLoader(() -> name, () -> "").load(request);
        if (loaded instanceof LoadResult.Refused refused) {
            throw new AssertionError(String.join("; ", FaultReport.blocks(refused.faults())));
        }
        return (LoadResult.Loaded) loaded;
    }

    @Override
    public boolean isRunning() {
        return node.isPresent();
    }

    @Override
    public Optional<NodeProcess> process() {
        return Optional.empty();
    }

    @Override
    public Path logFile() {
        throw new UnsupportedOperationException("it logs with this JVM");
    }

    @Override
    public Set<MemberLine> members() {
        return api.members();
    }

    @Override
    public void leave() {
        await(node.orElseThrow().leave());
        kill();
    }

    @Override
    public void kill() {
        await(node.orElseThrow().stop(Duration.ZERO));
        node = Optional.empty();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Nobody asks these agents to end or to reload by their API. */
    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<Reloaded> reload() {
            return CompletableFuture.completedFuture(new Reloaded.Refused("this test reloads by itself"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("this test leaves by itself"));
        }
    }
}
