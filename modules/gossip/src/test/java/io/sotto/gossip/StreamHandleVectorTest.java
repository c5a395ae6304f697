package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.gossip.stream.StreamCounters;
import io.sotto.gossip.stream.StreamEncoder;
import io.sotto.gossip.stream.StreamServer;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.gossip.stream.StreamThreads;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.crypto.Sealer;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * One connection in, and all that follows from it: what the server hands on, whatever the pieces the bytes come in, and
 * what a production pool answers and learns. Source: gossip specification, sections 5, 7 and 8; memberlist 0.5.0 gave the
 * expectations.
 */
class StreamHandleVectorTest {
    private static final long PATIENCE_SECONDS = 10;

    private static ActorTestKit testKit;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        testKit = ActorTestKit.create(ManualTime.config());
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> streamHandle() {
        return Vectors.each("stream-handle.json", StreamHandleVectorTest::check);
    }

    private static void check(JsonNode input, JsonNode expected) throws Exception {
        Octets bytes = Octets.hex(input.get("stream_in").asText());
        List<StreamMessage> handled = handled(input, List.of(bytes));
        assertThat(handled(input, singly(bytes))).as("byte by byte").isEqualTo(handled);
        Vectors.assertTexts(expected, "delivered_user_messages", users(handled));

        PoolRig rig = new PoolRig(
                testKit,
                input,
                Octets.hex("ff80"),
                ProtocolVersions.CONSUL,
                directory.resolve("ring-" + System.identityHashCode(input)));
        List<String> merges = merges(handled, rig);
        TestProbe<MemberEvent> events = rig.subscribe();

        checkAnswer(input, expected, rig.policy, exchange(rig.network, rig.local, List.of(bytes)));

        List<String> told = new ArrayList<>();
        while (told.size() + merges.size() < expected.path("events").size()) {
            MemberEvent event = events.receiveMessage(Duration.ofSeconds(PATIENCE_SECONDS));
            assertThat(event.kind()).isEqualTo(MemberEvent.Kind.JOINED);
            told.add("join " + event.member().name());
        }
        told.addAll(merges);
        Vectors.assertTexts(expected, "events", told);
        // Answered by the actor that merges: whatever the exchange led to has been told by then.
        rig.subscribe();
        checkNodes(expected, rig);
        rig.stop();
    }

    /** What the server hands to its handler when the bytes come in these pieces. */
    private static List<StreamMessage> handled(JsonNode input, List<Octets> pieces) throws Exception {
        WirePolicy policy = Vectors.policy(input);
        MemoryNetwork network = new MemoryNetwork();
        Endpoint endpoint = network.bind(PoolRig.selfAddress());
        List<StreamMessage> handled = new ArrayList<>();
        Octets nonce = Octets.wrap(new byte[12]);
        StreamServer server = StreamServer.create(
                StreamThreads.of(testKit.system()),
                () -> policy,
                StreamSettings.defaults(),
                Limits.defaults(),
                StreamEncoder.create(new Sealer((target, offset) -> nonce.copyTo(target, offset))),
                Inspection.counting(RejectionLog.create(InstantSource.system(), line -> {})),
                new StreamCounters(),
                request -> {
                    handled.add(request.message());
                    return CompletableFuture.completedFuture(Optional.empty());
                });
        server.start(endpoint);
        exchange(network, endpoint.local(), pieces);
        return handled;
    }

    private static List<Octets> singly(Octets bytes) {
        List<Octets> pieces = new ArrayList<>();
        for (int i = 0; i < bytes.length(); i++) {
            pieces.add(bytes.slice(i, 1));
        }
        return pieces;
    }

    /** Writes the pieces and gives all that comes back until the other side closes. */
    private static Octets exchange(MemoryNetwork network, InetSocketAddress to, List<Octets> pieces) throws Exception {
        Connection connection = await(network.dial(Vectors.address("127.0.0.20:40000"), to));
        for (Octets piece : pieces) {
            // A write fails once the server has closed, which some of these bytes make it do.
            await(connection.write(piece).handle((done, failure) -> true));
        }
        connection.finish();
        List<Octets> chunks = new ArrayList<>();
        for (Octets chunk = await(connection.read()); !chunk.isEmpty(); chunk = await(connection.read())) {
            chunks.add(chunk);
        }
        connection.close();
        byte[] all = new byte[chunks.stream().mapToInt(Octets::length).sum()];
        int position = 0;
        for (Octets chunk : chunks) {
            position = chunk.copyTo(all, position);
        }
        return Octets.wrap(all);
    }

    private static List<String> users(List<StreamMessage> handled) {
        List<String> users = new ArrayList<>();
        for (StreamMessage message : handled) {
            if (message instanceof StreamMessage.Swim swim
                    && swim.message() instanceof SwimMessage.User user
                    && !user.body().isEmpty()) {
                users.add(user.body().toHex());
            }
        }
        return users;
    }

    /** What Serf's part of a push/pull amounts to: nothing when it is empty, or when the two views cannot become one. */
    private static List<String> merges(List<StreamMessage> handled, PoolRig rig) {
        List<String> merges = new ArrayList<>();
        for (StreamMessage message : handled) {
            if (message instanceof StreamMessage.Exchange exchange) {
                PushPull state = exchange.state();
                boolean refused = PushPullMerge.versionObjection(
                                state.nodes(), rig.state.members().records())
                        .isPresent();
                if (!refused && !state.userState().isEmpty()) {
                    merges.add("merge-user-state join=" + state.join() + " "
                            + state.userState().toHex());
                }
            }
        }
        return merges;
    }

    private static void checkAnswer(JsonNode input, JsonNode expected, WirePolicy policy, Octets answer) {
        if (expected.path("answer_type").isNull()) {
            assertThat(answer).as("no answer").isEqualTo(Octets.empty());
            return;
        }
        StreamProgress progress = read(policy, policy.label(), answer);
        assertThat(progress).isInstanceOf(StreamProgress.Complete.class);
        StreamMessage message = ((StreamProgress.Complete) progress).message();
        assertThat(type(message)).isEqualTo(expected.get("answer_type").asText());
        if (expected.has("answer_encrypted")) {
            assertThat(answer.at(0) == 10)
                    .as("answer_encrypted")
                    .isEqualTo(expected.get("answer_encrypted").asBoolean());
        }
        if (expected.has("answer_error")) {
            assertThat(message)
                    .isEqualTo(new StreamMessage.Swim(
                            new SwimMessage.Err(expected.get("answer_error").asText())));
        }
        if (expected.path("answer_aad_includes_label").asBoolean()) {
            assertThat(read(policy, Octets.empty(), answer)).isInstanceOf(StreamProgress.Refused.class);
        }
        if (message instanceof StreamMessage.Exchange exchange) {
            assertThat(exchange.state().join()).as("the request's join flag").isEqualTo(joinFlag(input));
            assertThat(exchange.state().nodes()).extracting(PushPull.Node::name).containsExactly(PoolRig.SELF);
        }
    }

    private static boolean joinFlag(JsonNode input) {
        StreamReader reader = new StreamReader(
                StreamRole.REQUEST, Vectors.policy(input).forStreams(), Limits.defaults(), new Opener());
        StreamProgress request = reader.feed(Octets.hex(input.get("stream_in").asText()));
        return ((StreamMessage.Exchange) ((StreamProgress.Complete) request).message())
                .state()
                .join();
    }

    /** Plaintext is let through here: whether the answer may be plain is for the record to say. */
    private static StreamProgress read(WirePolicy policy, Octets label, Octets answer) {
        StreamPolicy reading =
                new StreamPolicy(Optional.of(policy.ring()), false, true, label, false, policy.compression());
        return new StreamReader(StreamRole.ANSWER, reading, Limits.defaults(), new Opener()).feed(answer);
    }

    private static String type(StreamMessage message) {
        if (message instanceof StreamMessage.Exchange) {
            return "pushPull";
        }
        SwimMessage swim = ((StreamMessage.Swim) message).message();
        return switch (swim.kind()) {
            case ACK -> "ackResp";
            case ERR -> "err";
            case PING, INDIRECT_PING, SUSPECT, ALIVE, DEAD, USER, NACK ->
                swim.kind().name();
        };
    }

    private static void checkNodes(JsonNode expected, PoolRig rig) {
        if (!expected.has("nodes_after")) {
            return;
        }
        List<String> wanted = StreamSupport.stream(expected.get("nodes_after").spliterator(), false)
                .map(StreamHandleVectorTest::describe)
                .toList();
        testKit.createTestProbe().awaitAssert(() -> {
            assertThat(rig.state.members().records())
                    .extracting(StreamHandleVectorTest::describe)
                    .containsExactlyInAnyOrderElementsOf(wanted);
            return true;
        });
    }

    private static String describe(JsonNode node) {
        StringBuilder vsn = new StringBuilder();
        node.get("vsn").forEach(number -> vsn.append(String.format("%02x", number.asInt())));
        return node.get("name").asText() + " " + node.get("addr").asText() + ":"
                + node.get("port").asInt() + " "
                + node.path("meta").asText("") + " " + node.get("incarnation").asLong() + " "
                + node.get("state").asInt() + " " + vsn;
    }

    private static String describe(MemberRecord record) {
        return record.name() + " " + record.address().ip().toHex() + ":"
                + record.address().port() + " " + record.meta().toHex() + " " + record.incarnation() + " "
                + record.state().code() + " " + record.vsn().toHex();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
