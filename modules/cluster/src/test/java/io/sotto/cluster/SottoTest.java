package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door that applications enter by, on loopback. */
class SottoTest {
    private final ActorTestKit kit =
            ActorTestKit.create("sotto-test", section("a").atPath("sotto").withFallback(ConfigFactory.load()));

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void aSystemHasOneInstanceWhoeverAsks() {
        assertThat(Sotto.get(kit.system())).isSameAs(Sotto.get(kit.system()));
        assertThat(started(Sotto.get(kit.system())).name()).isEqualTo("a");
    }

    @Test
    void twoInstancesJoinAndTheEventsBeginWithThePresentView() throws Exception {
        ActorSystem<Void> system = kit.system();
        Sotto a = Sotto.get(system);
        Sotto b = Sotto.create(system, section("b"));
        Member there = started(a);
        started(b);

        JoinOutcome outcome = b.lan()
                .join(List.of(there.address().toString()))
                .toCompletableFuture()
                .join();

        assertThat(outcome).isEqualTo(new JoinOutcome(1, List.of()));
        List<MemberEvent> events = b.lan()
                .memberEvents()
                .take(2)
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(events).extracting(MemberEvent::kind).containsOnly(MemberEvent.Kind.JOINED);
        assertThat(events).extracting(event -> event.member().name()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aTakenPortFailsTheStartWithWordsForTheOperator() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Config section = ConfigFactory.parseString("ports.serf-lan = " + taken.getLocalPort())
                    .withFallback(section("c"));

            assertThatThrownBy(() -> started(Sotto.create(kit.system(), section)))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(PoolStartException.class)
                    .hasMessageContaining("address already in use");
        }
    }

    @Test
    void aBrokenKeyringFailsTheStart(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("serf"));
        Files.writeString(directory.resolve("serf/local.keyring"), "[]");
        Config section =
                ConfigFactory.parseString("data-dir = \"" + directory + "\"").withFallback(section("d"));

        assertThatThrownBy(() -> started(Sotto.create(kit.system(), section)))
                .hasCauseInstanceOf(PoolStartException.class)
                .hasMessageContaining("no keys present in keyring: ");
    }

    private static Member started(Sotto sotto) {
        return sotto.lan().started().toCompletableFuture().join();
    }

    private static Config section(String name) {
        return ConfigFactory.parseString(
                "node-name = " + name + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf");
    }
}
