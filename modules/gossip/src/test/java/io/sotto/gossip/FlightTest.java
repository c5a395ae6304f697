package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.flight.KeyUseEvent;
import io.sotto.gossip.flight.ProbeEvent;
import io.sotto.gossip.flight.SuspicionEvent;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recorder is told of a pool. */
class FlightTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    @TempDir
    private Path directory;

    @Test
    void probesSuspicionsAndUsesOfKeysAreRecordedWithoutKeys() throws Exception {
        try (VirtualPools pools = new VirtualPools();
                Recording recording = new Recording()) {
            pools.virtual.tolerateWarning("");
            recording.enable("sotto.Probe");
            recording.enable("sotto.Suspicion");
            recording.enable("sotto.KeyUse");
            recording.start();
            Node a = pools.start("a", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
            Node b = pools.start("b", VirtualPools.keyed(KEY), PoolSettings.Joining.nobody());
            pools.join(b, a.target());
            pools.virtual.pass(Duration.ofSeconds(5));
            VirtualSystem.Recorder<KeyKeeper.Answer> answers = pools.virtual.recorder();
            pools.virtual.tell(
                    a.pool(), new GossipPool.Keys(new KeyKeeper.Install(GossipKey.parse(OTHER), answers.ref())));
            pools.virtual.stop(b.pool());
            pools.virtual.passUntil("b has failed", () -> a.statusOf("b") == SerfStatus.FAILED, Duration.ofMinutes(4));
            recording.stop();

            List<RecordedEvent> events = recorded(recording);
            assertThat(of(events, "sotto.Probe"))
                    .anySatisfy(probe -> {
                        assertThat(probe.getString("node")).isEqualTo("a");
                        assertThat(probe.getString("member")).isEqualTo("b");
                        assertThat(probe.getString("outcome")).isEqualTo("direct");
                    })
                    .anySatisfy(probe -> assertThat(probe.getString("outcome")).isEqualTo("failed"));
            assertThat(of(events, "sotto.Suspicion").stream().map(event -> event.getString("state")))
                    .contains("begun", "dead");
            assertThat(of(events, "sotto.KeyUse")).singleElement().satisfies(use -> {
                assertThat(use.getString("operation")).isEqualTo("install");
                assertThat(use.getString("keyId"))
                        .isEqualTo(GossipKey.parse(OTHER).id());
                assertThat(use.getInt("keys")).isEqualTo(2);
            });
            assertThat(events.toString()).doesNotContain(KEY).doesNotContain(OTHER);
        }
    }

    @Test
    void nothingIsMadeReadyWhileNobodyRecords() {
        assertThat(ProbeEvent.isRecorded()).isFalse();
        assertThat(SuspicionEvent.isRecorded()).isFalse();
        assertThat(KeyUseEvent.isRecorded()).isFalse();
    }

    private List<RecordedEvent> recorded(Recording recording) throws Exception {
        Path file = directory.resolve("flight.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
