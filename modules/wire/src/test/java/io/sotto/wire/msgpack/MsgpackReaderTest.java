package io.sotto.wire.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.Seed;
import io.sotto.wire.msgpack.MsgpackReader.Fault;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MsgpackReaderTest {
    private static final StructShape PAIR = StructShape.of("Left", "Right");

    @Test
    void integersOfAnyWidthAndSignednessAreReadIfTheyFit() {
        for (String hex : new String[] {"07", "cc07", "cd0007", "ce00000007", "cf0000000000000007", "d007", "d10007"}) {
            assertThat(reader(hex).unsigned(7)).as(hex).isEqualTo(7);
            assertThat(reader(hex).signed()).as(hex).isEqualTo(7);
        }
        assertThat(reader("e0").signed()).isEqualTo(-32);
        assertThat(reader("d080").signed()).isEqualTo(-128);
        assertThat(reader("d3ffffffffffffffff").signed()).isEqualTo(-1);
        assertThat(reader("cfffffffffffffffff").unsigned64()).isEqualTo(-1L);
        assertThat(reader("c0").unsigned(0)).isZero();
    }

    @Test
    void numbersThatDoNotFitAreOutOfRange() {
        assertThat(fault(r -> r.unsigned(7), "08")).isEqualTo(Fault.RANGE);
        assertThat(fault(r -> r.unsigned(7), "ff")).isEqualTo(Fault.RANGE);
        assertThat(fault(r -> r.unsigned(Long.MAX_VALUE), "cf8000000000000000")).isEqualTo(Fault.RANGE);
        assertThat(fault(MsgpackReader::unsigned64, "d0ff")).isEqualTo(Fault.RANGE);
        assertThat(fault(MsgpackReader::signed, "cf8000000000000000")).isEqualTo(Fault.RANGE);
        assertThat(fault(MsgpackReader::bool, "02")).isEqualTo(Fault.RANGE);
    }

    @Test
    void doublesComeInEightBytesInFourOrAsIntegers() {
        assertThat(reader("cb3ff8000000000000").float64()).isEqualTo(1.5);
        assertThat(reader("ca3fc00000").float64()).isEqualTo(1.5);
        assertThat(reader("07").float64()).isEqualTo(7);
        assertThat(reader("d0ff").float64()).isEqualTo(-1);
        assertThat(reader("cfffffffffffffffff").float64()).isEqualTo(0x1p64);
        assertThat(reader("c0").float64()).isZero();
        assertThat(reader("cb7ff8000000000000").float64()).isNaN();
        assertThat(reader("cbfff0000000000000").float64()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(fault(MsgpackReader::float64, "cb3ff80000000000")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(MsgpackReader::float64, "ca3fc000")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(MsgpackReader::float64, "a131")).isEqualTo(Fault.TYPE);
    }

    @Test
    void valuesOfAnotherTypeAreRefused() {
        assertThat(fault(MsgpackReader::signed, "cb3ff0000000000000")).isEqualTo(Fault.TYPE);
        assertThat(fault(MsgpackReader::signed, "a131")).isEqualTo(Fault.TYPE);
        assertThat(fault(r -> r.text(9), "9101")).isEqualTo(Fault.TYPE);
        assertThat(fault(r -> r.bytes(9), "c3")).isEqualTo(Fault.TYPE);
        assertThat(fault(MsgpackReader::bool, "a0")).isEqualTo(Fault.TYPE);
        assertThat(fault(MsgpackReader::beginStruct, "a0")).isEqualTo(Fault.TYPE);
        assertThat(fault(r -> r.beginList(9), "80")).isEqualTo(Fault.TYPE);
        assertThat(fault(r -> r.beginMap(9), "90")).isEqualTo(Fault.TYPE);
        assertThat(fault(MsgpackReader::skip, "c1")).isEqualTo(Fault.TYPE);
    }

    @Test
    void bytesComeAsRawAsStrAsBinOrAsAListOfSmallIntegers() {
        for (String hex : new String[] {
            "a27f00",
            "d9027f00",
            "da00027f00",
            "db000000027f00",
            "c4027f00",
            "c500027f00",
            "c6000000027f00",
            "927f00",
            "92cc7f00"
        }) {
            assertThat(reader(hex).bytes(2)).as(hex).isEqualTo(Octets.hex("7f00"));
        }
        assertThat(fault(r -> r.bytes(2), "93010203")).isEqualTo(Fault.RANGE);
        assertThat(fault(r -> r.bytes(2), "92cd010000")).isEqualTo(Fault.RANGE);
    }

    @Test
    void declaredLengthsAreNotBelievedBeforeTheBytesAreThere() {
        for (String hex : new String[] {"db7fffffff", "c67fffffff", "ddffffffff", "dfffffffff"}) {
            assertThat(fault(MsgpackReader::skip, hex)).as(hex).isEqualTo(Fault.TRUNCATED);
        }
        assertThat(fault(r -> r.text(Integer.MAX_VALUE), "db7fffffff")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(r -> r.text(Integer.MAX_VALUE), "dbffffffff")).isEqualTo(Fault.RANGE);
        assertThat(fault(r -> r.bytes(Integer.MAX_VALUE), "dd7fffffff")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(r -> r.beginList(Integer.MAX_VALUE), "dd7fffffff")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(r -> r.beginMap(Integer.MAX_VALUE), "df40000000")).isEqualTo(Fault.TRUNCATED);
        assertThat(fault(MsgpackReader::beginStruct, "dfffffffff")).isEqualTo(Fault.TRUNCATED);
    }

    @Test
    void skippedValuesMayNestOnlySoDeep() {
        MsgpackReader allowed = reader("91".repeat(16) + "01" + "02");
        allowed.skip();
        assertThat(allowed.unsigned(2)).isEqualTo(2);
        assertThat(fault(MsgpackReader::skip, "91".repeat(17) + "01")).isEqualTo(Fault.DEPTH);
        assertThat(fault(MsgpackReader::skip, "91".repeat(50_000) + "01")).isEqualTo(Fault.DEPTH);
    }

    @Test
    void afterAFaultEverythingIsZeroAndTheFirstFaultStays() {
        MsgpackReader in = reader("a131010203");
        assertThat(in.signed()).isZero();
        assertThat(in.fault()).isEqualTo(Fault.TYPE);
        assertThat(in.signed()).isZero();
        assertThat(in.text(9)).isEmpty();
        assertThat(in.bytes(9)).isEqualTo(Octets.empty());
        assertThat(in.bool()).isFalse();
        assertThat(in.beginStruct()).isZero();
        assertThat(in.takeNil()).isFalse();
        assertThat(in.fault()).isEqualTo(Fault.TYPE);
    }

    @Test
    void ofARepeatedKeyTheLastOneWinsAndKeysAreCaseSensitive() {
        assertThat(pair("83a44c65667401a44c65667402a46c65667403")).isEqualTo("2/0");
        assertThat(pair("920506")).isEqualTo("5/6");
        assertThat(pair("9105")).as("a short list").isEqualTo("5/0");
        assertThat(pair("93050607")).as("a long list").isEqualTo("5/6");
    }

    @Test
    void aTruncatedReaderNeverAsksForMoreThanIsMissing() {
        Random random = Seed.random();
        for (int i = 0; i < 3_000; i++) {
            MsgpackWriter out = new MsgpackWriter(0).map(3);
            out.key("Left").signed(random.nextInt());
            value(out.key("Other"), random, 0);
            value(out.key("More"), random, 0);
            Octets whole = out.toOctets();
            int cut = random.nextInt(whole.length());
            MsgpackReader in = new MsgpackReader(whole.slice(0, cut), 0, 16);
            readPair(in);
            assertThat(in.fault()).as(Seed.hint()).isEqualTo(Fault.TRUNCATED);
            assertThat(in.missingBytes()).as(Seed.hint()).isBetween(1L, (long) whole.length() - cut);
            MsgpackReader all = new MsgpackReader(whole, 0, 16);
            readPair(all);
            assertThat(all.fault()).as(Seed.hint()).isEqualTo(Fault.NONE);
            assertThat(all.consumed()).as(Seed.hint()).isEqualTo(whole.length());
        }
    }

    private static void value(MsgpackWriter out, Random random, int depth) {
        switch (random.nextInt(depth < 4 ? 8 : 5)) {
            case 0 -> out.signed(random.nextLong() >> random.nextInt(64));
            case 1 -> out.bytes(Octets.wrap(Seed.bytes(random, random.nextInt(70))));
            case 2 -> out.nil();
            case 3 -> out.float64(random.nextDouble());
            case 4 -> out.bool(random.nextBoolean());
            case 5, 6 -> {
                int count = random.nextInt(20);
                out.list(count);
                for (int i = 0; i < count; i++) {
                    value(out, random, depth + 1);
                }
            }
            default -> {
                int count = random.nextInt(5);
                out.map(count);
                for (int i = 0; i < 2 * count; i++) {
                    value(out, random, depth + 1);
                }
            }
        }
    }

    private static String pair(String hex) {
        return readPair(reader(hex));
    }

    private static String readPair(MsgpackReader in) {
        long left = 0;
        long right = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, PAIR)) {
                case 0 -> left = in.signed();
                case 1 -> right = in.signed();
                default -> in.skip();
            }
        }
        return left + "/" + right;
    }

    private static Fault fault(Consumer<MsgpackReader> read, String hex) {
        MsgpackReader in = reader(hex);
        read.accept(in);
        return in.fault();
    }

    private static MsgpackReader reader(String hex) {
        return new MsgpackReader(Octets.hex(hex), 0, 16);
    }
}
