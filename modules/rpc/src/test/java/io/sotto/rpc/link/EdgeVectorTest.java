package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.ResponseHeader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a real server answers to 64 inputs by hand, and in what state it leaves the connection: ours does the same, with
 * endpoints that answer what the real ones did. Source: {@code rpc-edge.json}, of the RPC specification.
 */
final class EdgeVectorTest {
    /** Who answers later, as a blocking query does. */
    private static final String BLOCKS = "KVS.Get";

    /** What we do where we do otherwise, in hexadecimal; see the page on differences. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "stream opened then FIN before first byte (kills session)",
            "000100020000000100000000" + "000100040000000100000000" + ping(3),
            "idle stream blocks later streams until it sends a byte",
            "000100020000000100000000" + ping(3),
            "receive window exceeded",
            "000100020000000100000000" + "000300000000000000000001");

    private static String ping(int stream) {
        String id = "%08x".formatted(stream);
        return "00010002" + id + "00000000" + "00000000" + id
                + "0000002883a54572726f72a0a353657101ad536572766963654d6574686f64ab5374617475732e50696e6780";
    }

    @TestFactory
    Stream<DynamicTest> aConnectionAnswersAndEndsAsThatOfARealServer() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = EdgeVectorTest.class.getResourceAsStream("/vectors/rpc-edge.json")) {
            for (JsonNode vector : new ObjectMapper().readTree(in).get("cases")) {
                tests.add(DynamicTest.dynamicTest(vector.get("name").asText(), () -> check(vector)));
            }
        }
        assertThat(tests).hasSize(64);
        return tests.stream();
    }

    private static void check(JsonNode vector) {
        String name = vector.get("name").asText();
        byte[] expected = HexFormat.of()
                .parseHex(
                        DIFFERENT.getOrDefault(name, vector.get("received_hex").asText()));
        boolean isMultiplexed = vector.get("kind").asText().equals("yamux");
        List<CompletableFuture<RpcAnswer>> blocked = new ArrayList<>();
        Endpoints endpoints = endpoints(isMultiplexed ? payload(expected) : expected, blocked);
        boolean blocks = name.contains("blocking query") || name.contains("blocking + ping");

        var connection = new AcceptedInMemory(LinkSettings.defaults(), TlsSnapshot.none(), endpoints);
        connection.receive(sent(vector));
        assertThat(blocked).hasSize(blocks ? 1 : blocked.size());
        if (blocks && !isMultiplexed) {
            assertThat(connection.read())
                    .as("what waits behind the blocking query")
                    .isEmpty();
        }
        blocked.forEach(EdgeVectorTest::unblock);
        connection.settle();

        assertThat(HexFormat.of().formatHex(connection.read()))
                .isEqualTo(HexFormat.of().formatHex(expected));
        boolean mayDiffer = DIFFERENT.containsKey(name) && !name.contains("window");
        assertThat(connection.isOpen())
                .isEqualTo(mayDiffer || vector.get("connection_after").asText().equals("open"));
    }

    private static byte[] sent(JsonNode vector) {
        String hex = vector.get("sent_hex").asText();
        int cut = hex.indexOf("...(");
        if (cut < 0) {
            return HexFormat.of().parseHex(hex);
        }
        byte[] begin = HexFormat.of().parseHex(hex.substring(0, cut));
        int length = Integer.parseInt(hex.substring(cut + 4, hex.indexOf(' ', cut)));
        byte[] all = Arrays.copyOf(begin, length);
        Arrays.fill(all, begin.length, length, begin[begin.length - 1]);
        return all;
    }

    /** What the real endpoints answered, in order; those of {@link #BLOCKS} once they are let go. */
    private static Endpoints endpoints(byte[] answers, List<CompletableFuture<RpcAnswer>> blocked) {
        var splitter = new ObjectSplitter(1 << 20);
        splitter.offer(answers, 0, answers.length);
        Map<String, ArrayDeque<RpcAnswer>> byMethod = new TreeMap<>();
        for (Optional<Octets> header = splitter.next(); header.isPresent(); header = splitter.next()) {
            ResponseHeader read = ResponseHeader.decode(header.get()).orElseThrow();
            Octets body = splitter.next().orElseThrow();
            if (!read.error().startsWith("rpc: ")) {
                byMethod.computeIfAbsent(read.method(), method -> new ArrayDeque<>())
                        .add(read.error().isEmpty() ? new RpcAnswer.Reply(body) : new RpcAnswer.Fault(read.error()));
            }
        }
        Endpoints endpoints = Endpoints.none();
        for (var method : byMethod.entrySet()) {
            Endpoint endpoint = call -> {
                RpcAnswer answer = method.getValue().removeFirst();
                if (!method.getKey().equals(BLOCKS)) {
                    return CompletableFuture.completedFuture(answer);
                }
                var waiting = new CompletableFuture<RpcAnswer>();
                blocked.add(waiting);
                return waiting.thenApply(nothing -> answer);
            };
            endpoints = endpoints.with(method.getKey(), PeerRole.UNPROVEN, endpoint);
        }
        return endpoints;
    }

    private static void unblock(CompletableFuture<RpcAnswer> one) {
        one.complete(new RpcAnswer.Fault("not looked at"));
    }

    /** What is in the data frames. */
    private static byte[] payload(byte[] frames) {
        var all = new ByteArrayOutputStream();
        for (int at = 0; at < frames.length; ) {
            int length = ByteBuffer.wrap(frames, at + 8, 4).getInt();
            boolean isData = frames[at + 1] == 0;
            at += 12;
            if (isData) {
                all.write(frames, at, length);
                at += length;
            }
        }
        return all.toByteArray();
    }
}
