package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.flight.HandshakeEvent;
import io.sotto.rpc.flight.RpcCallEvent;
import io.sotto.rpc.pool.Callee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recorder is told of calls between two nodes on loopback. */
class FlightTest {
    private static final RpcMethod<String, String> GREET =
            RpcMethod.of("Flight.Greet", RpcCodecs.text(), RpcCodecs.text());

    private final ActorTestKit kit = ActorTestKit.create("flight", ConfigFactory.load());

    @TempDir
    private Path directory;

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void handshakesOfBothSidesAndCallsAreRecorded() throws Exception {
        assertThat(HandshakeEvent.isRecorded()).isFalse();
        assertThat(RpcCallEvent.isRecorded()).isFalse();
        try (Recording recording = new Recording()) {
            recording.enable("sotto.Handshake");
            recording.enable("sotto.RpcCall");
            recording.start();
            Sotto callee = node("b").rpcEnabled(true).rpcPort(0).create();
            callee.rpc().serve(GREET, PeerRole.UNPROVEN, (name, context) -> CompletableFuture.completedFuture(name));
            callee.rpc().started().toCompletableFuture().join();
            Sotto caller = node("a").create();
            caller.join(List.of(callee.self().address().toString()))
                    .toCompletableFuture()
                    .join();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> caller.rpc()
                            .call(Callee.member("b"), GREET, "Ada", Duration.ofSeconds(5))
                            .join()
                            .answer()
                            .isPresent());
            recording.stop();

            Path file = directory.resolve("flight.jfr");
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(events).anySatisfy(event -> {
                assertThat(event.getEventType().getName()).isEqualTo("sotto.RpcCall");
                assertThat(event.getString("method")).isEqualTo("Flight.Greet");
                assertThat(event.getString("callee")).isEqualTo("b");
                assertThat(event.getString("outcome")).isEqualTo("Answered");
            });
            assertThat(events.stream()
                            .filter(event -> event.getEventType().getName().equals("sotto.Handshake"))
                            .map(event -> event.getString("side") + " " + event.getString("outcome")))
                    .contains("dialled confirmed", "accepted confirmed");
        }
    }

    private SottoBuilder node(String name) {
        return Sotto.builder(kit.system())
                .nodeName(name)
                .profile("serf")
                .bindAddr("127.0.0.1")
                .portsSerfLan(0)
                .leaveOnShutdown(false);
    }
}
