package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What travels between drivers and members of upshifts, and what may come instead of it. */
@DisplayName("what upshifts say on the wire")
class UpshiftCodecTest {
    private static final long SEED = 17;
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";

    private final UpshiftRecord record = UpshiftRecord.fresh(
            "5f0c7d21", UpshiftKind.GOSSIP, "a b", "1c0216e1", true, Instant.parse("2030-01-01T00:00:00Z"));

    @Test
    void isReadBackAsItWasWritten() {
        ReportCodec.Answer report = new ReportCodec.Answer(99, report());
        assertThat(ReportCodec.decode(ReportCodec.encode(report))).contains(report);
        assertThat(ReportCodec.question(ReportCodec.question(Long.MAX_VALUE))).contains(Long.MAX_VALUE);

        for (Optional<GossipKey> key : List.of(Optional.<GossipKey>empty(), Optional.of(GossipKey.parse(KEY)))) {
            UpshiftOrder order = new UpshiftOrder(record, UpshiftStage.READY, key, "token");
            assertThat(OrderCodec.decode(Octets.wrap(OrderCodec.encode(8, order))))
                    .contains(new OrderCodec.Received(8, order));
        }
        for (OrderAnswer answer : List.of(OrderAnswer.taken(), OrderAnswer.refused("no", Optional.of(record)))) {
            assertThat(OrderCodec.answer(OrderCodec.encode(8, answer))).contains(new OrderCodec.Answered(8, answer));
        }
    }

    @Test
    void mayHoldFieldsThatAreNotKnownYet() {
        Octets more = new MsgpackWriter(64)
                .map(2)
                .key("Later")
                .list(1)
                .text("x")
                .key("Question")
                .unsigned(3)
                .toOctets();
        assertThat(ReportCodec.question(more)).contains(3L);
    }

    @Test
    void isClippedWhereItIsLongAndPrintableWhereItIsNot() {
        OrderAnswer long1 = OrderAnswer.refused("x".repeat(100_000), Optional.empty());
        assertThat(OrderCodec.answer(OrderCodec.encode(1, long1))
                        .orElseThrow()
                        .answer()
                        .why())
                .hasSize(1_024);
        OrderAnswer odd = OrderAnswer.refused("a\u001b[31m\nb", Optional.empty());
        assertThat(OrderCodec.answer(OrderCodec.encode(1, odd))
                        .orElseThrow()
                        .answer()
                        .why())
                .isEqualTo("a?[31m?b");
    }

    @Test
    void nothingThatComesInsteadMakesAReaderThrow() {
        UpshiftOrder order = new UpshiftOrder(record, UpshiftStage.READY, Optional.of(GossipKey.parse(KEY)), "token");
        spoiled(ReportCodec.encode(new ReportCodec.Answer(99, report())).toArray(), ReportCodec::decode);
        spoiled(OrderCodec.encode(8, order), OrderCodec::decode);
        spoiled(
                OrderCodec.encode(8, OrderAnswer.refused("no", Optional.of(record)))
                        .toArray(),
                OrderCodec::answer);
    }

    @Test
    void aKeyOfNoKeysLengthIsNoOrder() {
        Octets bad = new MsgpackWriter(256)
                .map(3)
                .key("Key")
                .bytes(Octets.wrap(new byte[5]))
                .key("Record")
                .text(UpshiftJournal.text(record))
                .key("Stage")
                .text("READY")
                .toOctets();
        assertThat(OrderCodec.decode(bad)).isEmpty();
    }

    @Test
    void anEncodedOrderIsInOneArrayThatCanBeWiped() {
        GossipKey key = GossipKey.parse(KEY);
        byte[] body = OrderCodec.encode(8, new UpshiftOrder(record, UpshiftStage.READY, Optional.of(key), ""));
        assertThat(new String(body, StandardCharsets.ISO_8859_1)).contains("\u0004\u0005\u0006\u0007\u0008");
        assertThat(OrderCodec.decode(Octets.wrap(body, 0, body.length))).isPresent();
    }

    private static void spoiled(byte[] good, Consumer<Octets> reader) {
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            reader.accept(Octets.wrap(bad));
            read++;
        }
        for (int length = 0; length < good.length; length++) {
            reader.accept(Octets.wrap(good, 0, length));
        }
        assertThat(read).as("seed %s", SEED).isEqualTo(20_000);
    }

    private MemberReport report() {
        Instant at = Instant.ofEpochMilli(1_900_000_000_000L);
        return new MemberReport(
                new UpshiftReport(
                        "a b",
                        Optional.of(new SelfReport(
                                List.of("1c0216e1"), true, false, "label", true, Optional.of(at), at, "1")),
                        new TlsReport(
                                true, true, true, false, Optional.of(at), Optional.of(at), "ab", Optional.of("fault")),
                        List.of(record),
                        at),
                Map.of(UpshiftKind.TLS, "has no data-dir"),
                List.of("tls.verify-outgoing = true"),
                Map.of(
                        UpshiftKind.GOSSIP,
                        new MemberReport.Driven(true, new TreeMap<>(Map.of("b", "is away")), "text")),
                Optional.of(new MemberReport.Rotating("1c0216e1")));
    }
}
