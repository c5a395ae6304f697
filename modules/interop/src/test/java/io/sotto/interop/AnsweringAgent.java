package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import io.sotto.cluster.AskedQuery;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A whole agent inside this JVM, with an application beside it that answers the query {@code load}, as embedders do: agents
 * of their own answer nothing.
 */
final class AnsweringAgent implements PoolNode {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Site site;
    private final HttpApi api;
    private final List<String> queries = Collections.synchronizedList(new ArrayList<>());
    private Optional<AgentNode> node = Optional.empty();
    private Optional<ActorSystem<AskedQuery>> application = Optional.empty();

    AnsweringAgent(String name, Site site) {
        this.name = name;
        this.site = site;
        this.api = new HttpApi(site.control());
    }

    /** The payloads of the queries named {@code load} that reached the application, in order. */
    List<String> queries() {
        return List.copyOf(queries);
    }

    HttpApi api() {
        return api;
    }

    /** Runs a verb against this agent. */
    Command verb(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-http-addr", api.address()));
        words.addAll(List.of(arguments));
        return Command.run(SottoProgram.verb(verb, words.toArray(String[]::new)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public void start(List<String> seeds) {
        SettingsRequest request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), true)
                .withFlag("node-name", name)
                .withFlag("profile", "serf")
                .withFlag("bind-addr", site.ip())
                .withFlag("client-addr", site.control())
                .withFlag("ports.http", Integer.toString(HttpApi.PORT))
                .withFlag("ports.serf-lan", Integer.toString(site.port()));
        LoadResult loaded = new SettingsLoader(() -> name, () -> "").load(request);
        if (loaded instanceof LoadResult.Refused refused) {
            throw new AssertionError(String.join("; ", FaultReport.blocks(refused.faults())));
        }
        AgentNode started = AgentNode.create(
                (LoadResult.Loaded) loaded, UUID.randomUUID().toString(), Build.of("0.1.0"), new NoControl());
        node = Optional.of(started);
        application = Optional.of(ActorSystem.create(application(), "application"));
        await(started.listen());
        started.pool().answerQueries(application.get());
        if (!seeds.isEmpty()) {
            assertThat(await(started.pool().join(seeds)).succeeded())
                    .as("%s joins %s", name, seeds)
                    .isTrue();
        }
    }

    private Behavior<AskedQuery> application() {
        return Behaviors.receiveMessage(query -> {
            if (query.name().equals("load")) {
                queries.add(new String(query.payload().toArray(), StandardCharsets.UTF_8));
                query.answer(Octets.utf8("load of " + name));
            }
            return Behaviors.same();
        });
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
        application.ifPresent(ActorSystem::terminate);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Nobody asks these agents to end or to reload. */
    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<Reloaded> reload() {
            return CompletableFuture.completedFuture(new Reloaded.Refused("nothing to read again"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("this test leaves by itself"));
        }
    }
}
