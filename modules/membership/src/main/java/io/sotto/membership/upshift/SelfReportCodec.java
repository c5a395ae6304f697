package io.sotto.membership.upshift;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A {@link SelfReport} as it travels in the answer to a query.
 *
 * <pre>
 *   msgpack {At: ms, Enforced: bool, In: bool, Keys: [4 bytes, …], Label: text, Out: bool, Plain: ms or 0, Version: text}
 * </pre>
 *
 * <p>Stateless; nothing that a peer said makes it throw. Fields that are not known are passed over, so that later versions
 * may say more. Source: ours.
 */
public final class SelfReportCodec {
    private static final int EXPECTED_BYTES = 512;
    private static final int FIELDS = 8;
    private static final int ID_BYTES = 4;
    private static final int KEYS_MAX = 256;
    private static final int TEXT_MAX_BYTES = 255;
    /** The last instant that a date can be of: the year 9999. */
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private static final StructShape SHAPE =
            StructShape.of("At", "Enforced", "In", "Keys", "Label", "Out", "Plain", "Version");

    private SelfReportCodec() {}

    public static Octets encode(SelfReport report) {
        MsgpackWriter out = new MsgpackWriter(EXPECTED_BYTES).map(FIELDS);
        out.key("At").unsigned(report.reportedAt().toEpochMilli());
        out.key("Enforced").bool(report.labelEnforced());
        out.key("In").bool(report.verifyIncoming());
        out.key("Keys").list(report.keys().size());
        report.keys().forEach(id -> out.bytes(Octets.hex(id)));
        out.key("Label").text(report.label());
        out.key("Out").bool(report.verifyOutgoing());
        out.key("Plain")
                .unsigned(report.lastPlaintext().map(Instant::toEpochMilli).orElse(0L));
        out.key("Version").text(report.version());
        return out.toOctets();
    }

    /** Empty for what is no report. */
    public static Optional<SelfReport> decode(Octets answer) {
        MsgpackReader in = new MsgpackReader(answer, 0, 2);
        long at = 0;
        boolean enforced = false;
        boolean incoming = false;
        boolean outgoing = false;
        String label = "";
        long plain = 0;
        String version = "";
        List<String> keys = new ArrayList<>();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            switch (in.field(header, i, SHAPE)) {
                case 0 -> at = in.unsigned(MILLIS_MAX);
                case 1 -> enforced = in.bool();
                case 2 -> incoming = in.bool();
                case 3 -> readKeys(in, keys);
                case 4 -> label = in.text(TEXT_MAX_BYTES);
                case 5 -> outgoing = in.bool();
                case 6 -> plain = in.unsigned(MILLIS_MAX);
                case 7 -> version = in.text(TEXT_MAX_BYTES);
                default -> in.skip();
            }
        }
        if (in.hasFailed() || keys.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SelfReport(
                keys,
                incoming,
                outgoing,
                label,
                enforced,
                plain == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(plain)),
                Instant.ofEpochMilli(at),
                version));
    }

    private static void readKeys(MsgpackReader in, List<String> keys) {
        int count = in.beginList(KEYS_MAX);
        for (int i = 0; i < count && !in.hasFailed(); i++) {
            keys.add(HexFormat.of().formatHex(in.bytes(ID_BYTES).toArray()));
        }
    }
}
