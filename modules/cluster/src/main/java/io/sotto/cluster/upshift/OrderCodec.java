package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.Arrays;
import java.util.Optional;

/**
 * {@code Sotto.Upshift.Order}: an {@link UpshiftOrder}, and what came of it.
 *
 * <pre>
 *   order    msgpack {Key: bytes or empty, Question: int, Record: text, Stage: text, Token: text}
 *   answer   msgpack {Held: text or empty, Question: int, Taken: bool, Why: text}
 * </pre>
 *
 * <p>Stateless; nothing that a peer said makes it throw. Fields that are not known are passed over, so that later versions may
 * say more. Source: ours.
 */
final class OrderCodec {
    /** An order that came, with its number. Whoever takes it wipes the key, unless it becomes the ring's. */
    record Received(long question, UpshiftOrder order) {}

    /** An answer that came, with the number of what it answers. */
    record Answered(long question, OrderAnswer answer) {}

    private static final int KEY_MAX_BYTES = 32;
    private static final int TOKEN_MAX_BYTES = 4_096;
    private static final int DEPTH_MAX = 4;

    private static final StructShape ORDER = StructShape.of("Key", "Question", "Record", "Stage", "Token");
    private static final StructShape ANSWER = StructShape.of("Held", "Question", "Taken", "Why");

    private OrderCodec() {}

    /** The order in an array that nobody else has, so that the caller can wipe it. */
    static byte[] encode(long question, UpshiftOrder order) {
        byte[] key =
                order.key().map(given -> given.bytes(KeyAccess.UPSHIFT_ORDER)).orElse(new byte[0]);
        try {
            // Measured first with another key, so that no array that is outgrown keeps this one.
            int length = written(question, order, new byte[key.length], 64).length;
            return written(question, order, key, length);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] written(long question, UpshiftOrder order, byte[] key, int expectedBytes) {
        MsgpackWriter out = new MsgpackWriter(expectedBytes).map(5);
        out.key("Key").bytes(Octets.wrap(key));
        out.key("Question").unsigned(question);
        out.key("Record").text(UpshiftJournal.text(order.record()));
        out.key("Stage").text(order.stage().name());
        out.key("Token").text(order.token());
        return out.toByteArray();
    }

    /** Empty for what is no order. */
    static Optional<Received> decode(Octets body) {
        MsgpackReader in = new MsgpackReader(body, 0, DEPTH_MAX);
        Octets key = Octets.empty();
        long question = 0;
        Optional<UpshiftRecord> record = Optional.empty();
        Optional<UpshiftStage> stage = Optional.empty();
        String token = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            switch (in.field(header, i, ORDER)) {
                case 0 -> key = in.bytes(KEY_MAX_BYTES);
                case 1 -> question = in.unsigned(Long.MAX_VALUE);
                case 2 -> record = UpshiftJournal.parse(in.text(ReportCodec.RECORD_MAX_BYTES));
                case 3 -> stage = stage(in.text(ReportCodec.NAME_MAX_BYTES));
                case 4 -> token = in.text(TOKEN_MAX_BYTES);
                default -> in.skip();
            }
        }
        if (in.hasFailed() || record.isEmpty() || stage.isEmpty()) {
            return Optional.empty();
        }
        Optional<Optional<GossipKey>> given = key(key);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Received(question, new UpshiftOrder(record.get(), stage.get(), given.get(), token)));
    }

    static Octets encode(long question, OrderAnswer answer) {
        MsgpackWriter out = new MsgpackWriter(256).map(4);
        out.key("Held").text(answer.held().map(UpshiftJournal::text).orElse(""));
        out.key("Question").unsigned(question);
        out.key("Taken").bool(answer.kind() == OrderAnswer.Kind.TAKEN);
        out.key("Why").text(ReportCodec.clipped(answer.why()));
        return out.toOctets();
    }

    /** Empty for what is no answer. */
    static Optional<Answered> answer(Octets body) {
        MsgpackReader in = new MsgpackReader(body, 0, DEPTH_MAX);
        String held = "";
        long question = 0;
        boolean isTaken = false;
        String why = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            switch (in.field(header, i, ANSWER)) {
                case 0 -> held = in.text(ReportCodec.RECORD_MAX_BYTES);
                case 1 -> question = in.unsigned(Long.MAX_VALUE);
                case 2 -> isTaken = in.bool();
                case 3 -> why = ReportCodec.words(in);
                default -> in.skip();
            }
        }
        if (in.hasFailed()) {
            return Optional.empty();
        }
        return Optional.of(new Answered(
                question, isTaken ? OrderAnswer.taken() : OrderAnswer.refused(why, UpshiftJournal.parse(held))));
    }

    /** Empty for what is no key, which is another thing than none. */
    private static Optional<Optional<GossipKey>> key(Octets bytes) {
        if (bytes.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        byte[] secret = bytes.toArray();
        try {
            return Optional.of(Optional.of(GossipKey.of(secret)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static Optional<UpshiftStage> stage(String name) {
        for (UpshiftStage stage : UpshiftStage.values()) {
            if (stage.name().equals(name)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
