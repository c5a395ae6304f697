package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Member;
import io.sotto.cluster.Sotto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The README's snippet, as an application would run it: two of them, over real sockets on loopback. */
final class EmbeddingIT {
    private static final Config QUIET = ConfigFactory.parseString("""
            sotto { profile = "serf", bind-addr = "127.0.0.1", ports.serf-lan = 0 }
            pekko.loglevel = "WARNING"
            """).withFallback(ConfigFactory.load());

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @AfterEach
    void endTheSystems() throws Exception {
        systems.forEach(ActorSystem::terminate);
        for (var system : systems) {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theReadmesSnippetMakesAnApplicationAMember() throws Exception {
        Member seed = Sotto.get(application("seed"))
                .lan()
                .started()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        var system = application("shop");
        Sotto sotto = Sotto.get(system);
        sotto.join(List.of("127.0.0.1:" + seed.address().port()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(sotto.members()).extracting(Member::name).containsExactly("seed", "shop"));
        printTo(seen::add, sotto, system);

        assertThat(seen.poll(30, TimeUnit.SECONDS)).contains("JOINED");
    }

    @Test
    void everyLineOfTheReadmesSnippetStandsInThisTest() throws IOException {
        var root = Path.of("..", "..");
        var here = Files.readString(Path.of("src/test/java/io/sotto/interop/EmbeddingIT.java"));
        var readme = Files.readString(root.resolve("README.md"));
        var snippet = readme.substring(readme.indexOf("```java") + 7);
        snippet = snippet.substring(0, snippet.indexOf("```"));

        // Addresses, names and what is done with an event are the reader's; the calls are not.
        assertThat(snippet.lines()
                        .map(line -> line.replaceAll("//.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .map(line ->
                                line.replaceAll("\\(List\\.of.*|\\(event.*|\"shop\".*|^ActorSystem<Void> |;$", "")))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(here).contains(call));
    }

    private static void printTo(Consumer<String> out, Sotto sotto, ActorSystem<Void> system) {
        sotto.memberEvents().runForeach(event -> out.accept(event.toString()), system);
    }

    private ActorSystem<Void> application(String name) {
        Config settings = ConfigFactory.parseString("sotto.node-name = " + name).withFallback(QUIET);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), name, settings);
        systems.add(system);
        return system;
    }
}
