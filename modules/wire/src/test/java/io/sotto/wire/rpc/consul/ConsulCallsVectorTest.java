package io.sotto.wire.rpc.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Vectors;
import io.sotto.wire.record.Codec;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.TreeException;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.ResponseHeader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Calls that a real agent made of a real server. */
class ConsulCallsVectorTest {
    @TestFactory
    Stream<DynamicTest> realCallsAreReadAndComeOutByteForByte() {
        return calls().map(call -> DynamicTest.dynamicTest(
                call.path("seq").asText() + " " + call.path("method").asText(), () -> check(call)));
    }

    @Test
    void allRealCallsAreOfMethodsThatThereAre() {
        assertThat(calls().count()).isEqualTo(63);
        Set<String> names = new HashSet<>();
        for (ConsulMethod<?, ?> method : ConsulMethods.all()) {
            assertThat(names.add(method.name())).as(method.name()).isTrue();
        }
        assertThat(names).contains("Health.ServiceNodes", "Internal.KeyringOperation");
        calls().forEach(call -> assertThat(names).contains(call.path("method").asText()));
    }

    /** Requests made by hand, some of them odd, and what a real server answered. */
    @TestFactory
    Stream<DynamicTest> answersToOddRequestsComeOutByteForByte() {
        return cases().filter(edge -> edge.path("kind").asText().equals("direct"))
                .map(edge -> DynamicTest.dynamicTest(edge.path("name").asText(), () -> checkAnswers(edge)));
    }

    private static void checkAnswers(JsonNode edge) throws TreeException {
        Octets received = Vectors.bytes(edge.path("received_hex"));
        ObjectSplitter objects = new ObjectSplitter(received.length());
        objects.offer(received.array(), received.arrayOffset(), received.length());
        int answers = 0;
        for (Optional<Octets> header = objects.next(); header.isPresent(); header = objects.next()) {
            ResponseHeader response = ResponseHeader.decode(header.get()).orElseThrow();
            Octets body = objects.next().orElseThrow();
            if (response.error().isEmpty()) {
                ConsulMethod<?, ?> method =
                        ConsulMethods.find(response.method()).orElseThrow();
                comesOutTheSame(method.answers(), body);
            } else {
                assertThat(body).isEqualTo(Octets.hex("80"));
            }
            answers++;
        }
        assertThat(answers).isPositive();
        assertThat(objects.buffered()).isZero();
    }

    private static void check(JsonNode call) throws TreeException {
        ConsulMethod<?, ?> method =
                ConsulMethods.find(call.path("method").asText()).orElseThrow();
        comesOutTheSame(method.requests(), Vectors.bytes(call.path("request_body_hex")));
        Octets answer = Vectors.bytes(call.path("response_body_hex"));
        if (call.path("error").asText().isEmpty()) {
            comesOutTheSame(method.answers(), answer);
        } else {
            assertThat(answer).isEqualTo(Octets.hex("80"));
        }
    }

    private static <T> void comesOutTheSame(Codec<T> codec, Octets real) throws TreeException {
        Decoding.Value<T> read = (Decoding.Value<T>) codec.decode(real);
        assertThat(codec.encode(read.value()).toHex()).isEqualTo(real.toHex());
        Object tree = codec.toTree(read.value());
        assertThat(codec.toTree(codec.fromTree(tree))).isEqualTo(tree);
        assertThat(codec.decodeTree(real)).isEqualTo(new Decoding.Value<>(tree));
    }

    private static Stream<JsonNode> cases() {
        return StreamSupport.stream(
                Vectors.document("rpc-edge.json").path("cases").spliterator(), false);
    }

    private static Stream<JsonNode> calls() {
        return StreamSupport.stream(
                Vectors.document("rpc-calls.json").path("vectors").spliterator(), false);
    }
}
