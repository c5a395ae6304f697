package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.crypto.Sealer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.snapshot.ConnectionSnapshot;
import org.apache.pekko.stream.snapshot.LogicSnapshot;
import org.apache.pekko.stream.snapshot.MaterializerState;
import org.apache.pekko.stream.snapshot.RunningInterpreter;
import org.apache.pekko.stream.snapshot.StreamSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** Reads the stages and their order from the streams as they run. */
class StageOrderTest {
    private final ActorTestKit testKit = ActorTestKit.create();
    private Datapath datapath;
    private Endpoint endpoint;
    private Materializer materializer;

    @BeforeEach
    void bind() throws Exception {
        endpoint = new MemoryNetwork().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        materializer = Materializer.createMaterializer(testKit.system());
        datapath = Datapath.create(
                WirePolicy::plain,
                DatapathSettings.defaults(),
                Inspection.counting(RejectionLog.create(InstantSource.system(), line -> {})),
                new DatapathCounters(),
                SourceRate::none);
    }

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    void aDatagramPassesTheStagesOfTheDesignInOneIslandOnItsWayIn() throws Exception {
        datapath.inbound(endpoint).to(Sink.ignore()).run(materializer);

        assertThat(names(onlyIsland()))
                .startsWith("DatagramSource", "Admit", "StripLabel", "Open", "VerifyCrc", "Unwrap", "Decode");
    }

    @Test
    void aDatagramPassesTheMirrorOfThemInOneIslandOnItsWayOut() throws Exception {
        datapath.outbound(
                        endpoint,
                        () -> new Sealer((target, offset) -> {
                            throw new IllegalStateException("nothing is sealed here");
                        }))
                .run(materializer);

        assertThat(names(onlyIsland()))
                .containsExactly("Outbox", "PackCompound", "Compress", "AddCrc", "Seal", "AddLabel", "DatagramSink");
    }

    private RunningInterpreter onlyIsland() throws Exception {
        List<StreamSnapshot> streams = CollectionConverters.asJava(Await.result(
                MaterializerState.streamSnapshots(materializer), FiniteDuration.create(10, TimeUnit.SECONDS)));
        assertThat(streams).hasSize(1);
        List<RunningInterpreter> islands =
                CollectionConverters.asJava(streams.get(0).activeInterpreters());
        assertThat(islands).as("everything is fused").hasSize(1);
        return islands.get(0);
    }

    /** The names along the connections of the running graph, from the source on. */
    private static List<String> names(RunningInterpreter island) {
        Map<LogicSnapshot, LogicSnapshot> next = new HashMap<>();
        for (ConnectionSnapshot connection : CollectionConverters.asJava(island.connections())) {
            next.put(connection.out(), connection.in());
        }
        LogicSnapshot source = next.keySet().stream()
                .filter(logic -> !next.containsValue(logic))
                .findFirst()
                .orElseThrow();
        List<String> names = new ArrayList<>();
        for (LogicSnapshot at = source; at != null; at = next.get(at)) {
            names.add(at.attributes()
                    .getAttribute(Attributes.Name.class)
                    .map(Attributes.Name::n)
                    .orElse("?"));
        }
        return names;
    }
}
