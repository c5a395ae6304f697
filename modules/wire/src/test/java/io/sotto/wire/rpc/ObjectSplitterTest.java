package io.sotto.wire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import io.sotto.wire.Vectors;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectSplitterTest {
    private static final int MAX = 1 << 20;

    @Test
    void realCallsAreCutIntoTheirObjectsHoweverTheyArrive() {
        List<Octets> objects = new ArrayList<>();
        for (JsonNode call : Vectors.document("rpc-calls.json").path("vectors")) {
            for (String part : List.of("request_header", "request_body", "response_header", "response_body")) {
                Octets object = Vectors.bytes(call.path(part + "_hex"));
                if (!object.isEmpty()) {
                    objects.add(object);
                }
            }
        }
        assertThat(objects).hasSizeGreaterThan(200);
        Random random = Seed.random();
        assertThat(split(new ObjectSplitter(MAX), objects, 1, random)).isEqualTo(objects);
        assertThat(split(new ObjectSplitter(MAX), objects, 50, random))
                .as(Seed.hint())
                .isEqualTo(objects);
        assertThat(split(new ObjectSplitter(MAX), objects, 100_000, random))
                .as(Seed.hint())
                .isEqualTo(objects);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "7f",
                "e0",
                "c0",
                "c2",
                "c3",
                "80",
                "90",
                "a0",
                "a161",
                "cc80",
                "cd8000",
                "ce80000000",
                "cf8000000000000000",
                "d080",
                "d18000",
                "d280000000",
                "d38000000000000000",
                "ca00000000",
                "cb0000000000000000",
                "c403010203",
                "c50003010203",
                "c600000003010203",
                "d903616263",
                "da0003616263",
                "db00000003616263",
                "d40501",
                "d5050102",
                "d60501020304",
                "d7050102030405060708",
                "d805000102030405060708090a0b0c0d0e0f",
                "c7020501ff",
                "c800020501ff",
                "c9000000020501ff",
                "9101",
                "dc000101",
                "dd0000000101",
                "81a16101",
                "de0001a16101",
                "df00000001a16101",
                "dc0000",
                "df00000000",
                "929180818090",
                "8190c4019f"
            })
    void everyFamilyOfValuesEndsWhereItEnds(String hex) {
        Octets object = Octets.hex(hex);
        ObjectSplitter splitter = new ObjectSplitter(MAX);
        for (int i = 0; i < object.length(); i++) {
            assertThat(splitter.next()).isEmpty();
            splitter.offer(object.array(), object.arrayOffset() + i, 1);
        }
        splitter.offer(new byte[] {5}, 0, 1);
        assertThat(splitter.next()).contains(object);
        assertThat(splitter.next()).contains(Octets.hex("05"));
        assertThat(splitter.next()).isEmpty();
        assertThat(splitter.buffered()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED, c1",
        "MALFORMED, 91c1",
        "TOO_DEEP, 9191919191919191919191919191919191",
        "TOO_LARGE, c600000800",
        "TOO_LARGE, db7fffffff",
        "TOO_LARGE, ddffffffff",
        "TOO_LARGE, df00000800",
        "TOO_LARGE, 92dc03fe00dc03fe",
    })
    void whatCannotBeAnObjectIsTurnedAwayBeforeMoreOfItIsKept(ObjectSplitter.Failure failure, String hex) {
        ObjectSplitter splitter = new ObjectSplitter(1_024);
        Octets bytes = Octets.hex(hex);
        splitter.offer(bytes.array(), bytes.arrayOffset(), bytes.length());
        assertThat(splitter.next()).isEmpty();
        assertThat(splitter.failure()).isEqualTo(failure);
        splitter.offer(new byte[] {5}, 0, 1);
        assertThat(splitter.next()).isEmpty();
        assertThat(splitter.buffered()).isZero();
    }

    @Test
    void containersMayNestAsDeepAsTheLimit() {
        Octets nested = Octets.hex("91".repeat(ObjectSplitter.MAX_DEPTH) + "05");
        ObjectSplitter splitter = new ObjectSplitter(MAX);
        splitter.offer(nested.array(), nested.arrayOffset(), nested.length());
        assertThat(splitter.next()).contains(nested);
    }

    @Test
    void anObjectMayBeAsLargeAsTheLimit() {
        Octets object = Octets.wrap(
                new MsgpackWriter(100_100).bytes(Octets.wrap(new byte[100_000])).toByteArray());
        List<Octets> objects = List.of(object, Octets.hex("05"), object);
        assertThat(split(new ObjectSplitter(object.length()), objects, 16_384, Seed.random()))
                .isEqualTo(objects);
        ObjectSplitter smaller = new ObjectSplitter(object.length() - 1);
        smaller.offer(object.array(), object.arrayOffset(), 10);
        assertThat(smaller.next()).isEmpty();
        assertThat(smaller.failure()).isEqualTo(ObjectSplitter.Failure.TOO_LARGE);
    }

    @Test
    void anObjectThatWasTakenNeverChanges() {
        ObjectSplitter splitter = new ObjectSplitter(MAX);
        splitter.offer(new byte[] {(byte) 0xa1, 'a', (byte) 0xa1, 'b'}, 0, 4);
        Optional<Octets> first = splitter.next();
        splitter.offer(new byte[] {(byte) 0xa1, 'c'}, 0, 2);
        assertThat(splitter.next()).contains(Octets.hex("a162"));
        assertThat(splitter.next()).contains(Octets.hex("a163"));
        splitter.offer(new byte[] {(byte) 0xa1, 'd'}, 0, 2);
        assertThat(first).contains(Octets.hex("a161"));
    }

    private static List<Octets> split(ObjectSplitter splitter, List<Octets> objects, int mostAtOnce, Random random) {
        List<Octets> found = new ArrayList<>();
        int total = objects.stream().mapToInt(Octets::length).sum();
        byte[] all = new byte[total];
        int length = 0;
        for (Octets object : objects) {
            length = object.copyTo(all, length);
        }
        for (int at = 0; at < length; ) {
            int count = Math.min(1 + random.nextInt(mostAtOnce), length - at);
            splitter.offer(all, at, count);
            at += count;
            // Not always at once: requests that are served one after the other wait in here.
            for (int i = random.nextInt(4); i > 0; i--) {
                splitter.next().ifPresent(found::add);
            }
        }
        for (Optional<Octets> next = splitter.next(); next.isPresent(); next = splitter.next()) {
            found.add(next.get());
        }
        assertThat(splitter.failure()).isEqualTo(ObjectSplitter.Failure.NONE);
        assertThat(splitter.buffered()).isZero();
        return found;
    }
}
