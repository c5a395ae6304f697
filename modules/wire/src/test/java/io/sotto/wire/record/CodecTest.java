package io.sotto.wire.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    record Inner(String name, @Unsigned long index) {}

    record Outer(
            @Name("ID") String id,
            @Embedded Inner inner,
            boolean isOn,
            int port,
            long delta,
            double height,
            Octets value,
            Duration ttl,
            GoTime since,
            Optional<Inner> pointer,
            List<String> tags,
            Map<String, Integer> counts,
            Object tree) {}

    record Small(@Name("A") String a) {}

    record Empty() {}

    record Careful(int port) {
        Careful {
            if (port < 0) {
                throw new IllegalArgumentException("port must not be negative");
            }
        }
    }

    record Unknown(Thread thread) {}

    record Twice(@Name("Name") String other, @Embedded Inner inner) {}

    private static final Codec<Outer> CODEC = Codec.of(Outer.class);
    private static final Outer VALUE = new Outer(
            "x",
            new Inner("n", -1),
            true,
            8_300,
            -33,
            0.5,
            Octets.hex("00ff"),
            Duration.ofSeconds(2),
            new GoTime(Instant.ofEpochSecond(1_600_000_000, 7), 90),
            Optional.of(new Inner("p", 200)),
            List.of("a"),
            Map.of("k", 1),
            Map.of("deep", List.of(1L, "t", true, 0.25, Nil.NIL)));

    @Test
    void fieldsStandInAscendingOrderWithThoseOfEmbeddedRecordsAmongThem() {
        assertThat(CODEC.encode(VALUE).toHex())
                .isEqualTo("8e"
                        + "a6436f756e747381a16b01"
                        + "a544656c7461d0df"
                        + "a6486569676874cb3fe0000000000000"
                        + "a24944a178"
                        + "a5496e646578cfffffffffffffffff"
                        + "a449734f6ec3"
                        + "a44e616d65a16e"
                        + "a7506f696e74657282a5496e646578ccc8a44e616d65a170"
                        + "a4506f7274cd206c"
                        + "a553696e6365af010000000ed6f0070000000007005a"
                        + "a45461677391a161"
                        + "a454726565" + "81a46465657095" + "01a174c3cb3fd0000000000000c0"
                        + "a354746cce77359400"
                        + "a556616c7565a200ff");
        assertThat(CODEC.decode(CODEC.encode(VALUE))).isEqualTo(new Decoding.Value<>(VALUE));
    }

    @Test
    void whatWasNeverSetIsNilAndWhatIsEmptyIsEmpty() {
        Outer zero = CODEC.zero();
        assertThat(CODEC.encode(zero).toHex()).contains("a454616773c0", "a6436f756e7473c0", "a556616c7565c0");
        Outer empty = new Outer(
                "",
                zero.inner(),
                false,
                0,
                0,
                0,
                Octets.empty(),
                Duration.ZERO,
                GoTime.ZERO,
                Optional.empty(),
                List.of(),
                Map.of(),
                Nil.NIL);
        assertThat(empty).isEqualTo(zero);
        assertThat(CODEC.encode(empty).toHex()).contains("a45461677390", "a6436f756e747380");
        for (Outer value : List.of(zero, empty)) {
            Octets bytes = CODEC.encode(value);
            assertThat(CODEC.encode(valueOf(CODEC.decode(bytes)))).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nil, c0, ''",
        "an empty map, 80, ''",
        "a field that is nil, 81a141c0, ''",
        "raw text, 81a141a178, x",
        "text with its length in two bytes, 81a141da000178, x",
        "the newer family of text, 81a141d90178, x",
        "a key of the newer family, 81d90141a178, x",
        "fields that are not known, 82a142920181a16102a141a178, x",
        "a list in the order of declaration, 91a178, x",
        "more of a list than there is, 92a17805, x",
        "another spelling, 81a161a178, ''",
    })
    void aRecordIsReadFrom(String what, String hex, String expected) {
        assertThat(Codec.of(Small.class).decode(Octets.hex(hex)))
                .as(what)
                .isEqualTo(new Decoding.Value<>(new Small(expected)));
    }

    @ParameterizedTest
    @CsvSource({
        "the family of bytes for text, 81a141c40178",
        "a number for text, 81a14105",
        "a list for text, 81a1419178",
        "a number for a record, 05",
        "text for a record, a178",
        "a cut map, 82a141a178",
        "a cut text, 81a141a578",
        "no byte at all, ''",
        "more than one value, 8080",
    })
    void aRecordIsNotReadFrom(String what, String hex) {
        assertThat(Codec.of(Small.class).decode(Octets.hex(hex))).as(what).isInstanceOf(Decoding.Undecodable.class);
        assertThat(Codec.of(Small.class).decodeTree(Octets.hex(hex))).as(what).isInstanceOf(Decoding.Undecodable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Port, cd8000, 32768",
        "Port, ce80000000, refused",
        "Port, d3ffffffff7fffffff, refused",
        "Delta, d3ffffffff7fffffff, -2147483649",
        "Delta, cfffffffffffffffff, refused",
        "Index, cfffffffffffffffff, 18446744073709551615",
        "Index, ff, refused",
        "Height, 05, 5.0",
        "Height, ca3f000000, 0.5",
        "Value, a2ff00, /wA=",
        "Value, c402ff00, /wA=",
        "Value, 05, refused",
        "Ttl, d3ffffffffffffffff, -1",
        "Since, af010000000ee294396d2597ecfc0000, 2026-11-22T01:16:29.630713596Z",
        "Since, af020000000ee294396d2597ecfc0000, refused",
        "Since, af017fffffffffffffff000000000000, refused",
        "Since, af010000000ee294396dffffffff0000, refused",
        "Since, a0, 0001-01-01T00:00:00Z",
        "Since, a101, refused",
    })
    void numbersBytesAndTimesAreTakenInTheirBounds(String field, String hex, String expected) {
        Octets bytes = Octets.wrap(
                new MsgpackWriter(32).map(1).key(field).append(Octets.hex(hex)).toByteArray());
        Decoding<Outer> read = CODEC.decode(bytes);
        if (expected.equals("refused")) {
            assertThat(read).isInstanceOf(Decoding.Undecodable.class);
        } else {
            Map<?, ?> tree = (Map<?, ?>) CODEC.toTree(valueOf(read));
            assertThat(String.valueOf(tree.get(field))).isEqualTo(expected);
        }
    }

    @Test
    void aRecordThatRefusesItsValuesIsUndecodable() throws TreeException {
        Codec<Careful> codec = Codec.of(Careful.class);
        assertThat(codec.decode(Octets.hex("81a4506f7274ff"))).isInstanceOf(Decoding.Undecodable.class);
        assertThatThrownBy(() -> codec.fromTree(Map.of("Port", -1)))
                .isInstanceOf(TreeException.class)
                .hasMessageContaining("must not be negative");
        assertThat(codec.fromTree(Map.of("Port", 1.0))).isEqualTo(new Careful(1));
    }

    @Test
    void whatHasNoCodecIsToldAtOnce() {
        assertThatThrownBy(() -> Codec.of(Unknown.class)).hasStackTraceContaining("java.lang.Thread");
        assertThatThrownBy(() -> Codec.of(Twice.class)).hasStackTraceContaining("a field twice");
    }

    @Test
    void aTreeSaysWhatJsonCanSay() throws TreeException {
        Map<?, ?> tree = (Map<?, ?>) CODEC.toTree(VALUE);
        assertThat(tree.get("Index")).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(tree.get("Value")).isEqualTo("AP8=");
        assertThat(tree.get("Ttl")).isEqualTo(2_000_000_000L);
        assertThat(tree.get("Since")).isEqualTo("2020-09-13T13:56:40.000000007+01:30");
        assertThat(CODEC.fromTree(tree)).isEqualTo(VALUE);
        assertThat(CODEC.fromTree(Map.of("Ttl", "1m30s", "Tags", Nil.NIL)).ttl())
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(CODEC.fromTree(Map.of())).isEqualTo(CODEC.zero());
        assertThat(CODEC.fromTree(Nil.NIL)).isEqualTo(CODEC.zero());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Port | x | Port: expected a whole number, not 'x'",
                "Port | 5000000000 | Port: expected a whole number of 32 bits",
                "Port | 1e400000000 | Port: expected a whole number",
                "Port | 0.5 | Port: expected a whole number",
                "Index | -1 | Index: expected a whole number of 64 bits",
                "Value | ?? | Value: expected bytes in base64",
                "Ttl | 10 parsecs | Ttl: expected a duration such as 10s",
                "Since | now | Since: expected a time",
                "IsOn | 1 | IsOn: expected true or false",
                "Nope | 1 | no field 'Nope'; there are Counts, Delta",
            })
    void aTreeThatIsNoValueSaysWhere(String field, String value, String problem) {
        Object leaf = value.matches("[-0-9.e]+") ? new java.math.BigDecimal(value) : value;
        assertThatThrownBy(() -> CODEC.fromTree(Map.of(field, leaf)))
                .isInstanceOf(TreeException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aRecordWithoutFieldsPassesOverAllThatThereAre() {
        assertThat(Codec.of(Empty.class).decode(Octets.hex("81a14105"))).isEqualTo(new Decoding.Value<>(new Empty()));
        assertThat(Codec.of(Empty.class).decode(Octets.hex("9105"))).isEqualTo(new Decoding.Value<>(new Empty()));
        assertThat(Codec.of(Empty.class).encode(new Empty())).isEqualTo(Octets.hex("80"));
    }

    @Test
    void aTreeKeepsFieldsThatAreNotKnown() {
        Octets bytes = Octets.hex("82a141a178a4466f6f6f9201c0");
        assertThat(Codec.of(Small.class).decodeTree(bytes))
                .isEqualTo(new Decoding.Value<>(Map.of("A", "x", "Fooo", Arrays.asList(1L, Nil.NIL))));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 100_000})
    void treesNestAsDeepAsTheyMay(int depth) {
        byte[] bytes = new byte[depth + 1];
        Arrays.fill(bytes, (byte) 0x91);
        bytes[depth] = 5;
        assertThat(Codec.tree().decode(Octets.wrap(bytes)) instanceof Decoding.Value)
                .isEqualTo(depth <= 16);
    }

    @Test
    void valuesTakeNoMoreMemoryThanTheirBytesBear() {
        byte[] many = new byte[8 << 20];
        for (int i = 5; i + 1 < many.length; i += 2) {
            many[i] = (byte) 0x91;
            many[i + 1] = 5;
        }
        Octets lists = Octets.wrap(many);
        many[0] = (byte) 0xdd;
        many[1] = 0;
        many[2] = 0x3f;
        many[3] = (byte) 0xff;
        many[4] = (byte) 0xfd;
        assertThat(Codec.tree().decode(lists))
                .isEqualTo(new Decoding.Undecodable<>("more values than their bytes can bear"));
        List<String> keys = java.util.stream.IntStream.range(0, 100_000)
                .mapToObj(i -> "k" + i)
                .toList();
        Codec<List<String>> texts = Codec.listOf(Codec.text());
        assertThat(valueOf(texts.decode(texts.encode(keys)))).isEqualTo(keys);
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = Seed.random();
        byte[] real = CODEC.encode(VALUE).toArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = real.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Octets hostile =
                    Octets.wrap(bytes, 0, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            try {
                if (CODEC.decode(hostile) instanceof Decoding.Value<Outer> value) {
                    CODEC.encode(value.value());
                }
                CODEC.decodeTree(hostile);
                Codec.tree().decode(hostile);
            } catch (RuntimeException e) {
                throw new AssertionError(Seed.hint() + ": " + hostile.toHex(), e);
            }
        }
    }

    private static <T> T valueOf(Decoding<T> decoding) {
        return ((Decoding.Value<T>) decoding).value();
    }
}
