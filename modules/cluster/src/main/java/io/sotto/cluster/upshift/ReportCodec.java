package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.SelfReportCodec;
import io.sotto.membership.upshift.drive.TlsReport;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftReport;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code Sotto.Upshift.Report}: the question, and a {@link MemberReport} as its answer.
 *
 * <pre>
 *   question   msgpack {Question: int}
 *   answer     msgpack {At: ms, Driven: {kind: {Next: bool, Text: text, Waiting: {name: text}}}, Gossip: bytes or empty,
 *                       Hindrances: {kind: text}, Laid: [text], Member: text, Question: int, Records: [text],
 *                       Rotations: [key id or empty], Tls: {…}}
 * </pre>
 *
 * <p>Stateless; nothing that a peer said makes it throw. Fields that are not known are passed over, so that later versions may
 * say more. Source: ours.
 */
final class ReportCodec {
    /**
     * An answer.
     *
     * @param question the number of what was asked, as the member gives it back
     */
    record Answer(long question, MemberReport report) {}

    /** Names of some 16,000 members. */
    static final int RECORD_MAX_BYTES = 1 << 22;

    static final int NAME_MAX_BYTES = 1_024;
    private static final int TEXT_MAX_BYTES = 4_096;
    private static final int TEXT_MAX_CHARS = 1_024;

    private static final int EXPECTED_BYTES = 1_024;
    private static final int REPORT_MAX_BYTES = 8_192;
    private static final int KINDS_MAX = 8;
    private static final int LINES_MAX = 64;
    private static final int ROTATIONS_MAX = 8;
    private static final int WAITING_MAX = 16_384;
    private static final int DEPTH_MAX = 8;
    /** The last instant that a date can be of: the year 9999. */
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private static final StructShape QUESTION = StructShape.of("Question");
    private static final StructShape SHAPE = StructShape.of(
            "At", "Driven", "Gossip", "Hindrances", "Laid", "Member", "Question", "Records", "Rotations", "Tls");
    private static final StructShape DRIVEN = StructShape.of("Next", "Text", "Waiting");
    private static final StructShape TLS =
            StructShape.of("Authority", "Certificate", "Ends", "Fault", "In", "Out", "Plain", "Print");

    private ReportCodec() {}

    static Octets question(long number) {
        return new MsgpackWriter(EXPECTED_BYTES)
                .map(1)
                .key("Question")
                .unsigned(number)
                .toOctets();
    }

    /** Empty for what is no question. */
    static Optional<Long> question(Octets body) {
        MsgpackReader in = new MsgpackReader(body, 0, DEPTH_MAX);
        long number = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            if (in.field(header, i, QUESTION) == 0) {
                number = in.unsigned(Long.MAX_VALUE);
            } else {
                in.skip();
            }
        }
        return in.hasFailed() ? Optional.empty() : Optional.of(number);
    }

    static Octets encode(Answer answer) {
        MemberReport report = answer.report();
        UpshiftReport said = report.said();
        MsgpackWriter out = new MsgpackWriter(EXPECTED_BYTES).map(10);
        out.key("At").unsigned(millis(said.reportedAt()));
        out.key("Driven").map(report.driven().size());
        report.driven().forEach((kind, driven) -> {
            out.key(kind.name()).map(3);
            out.key("Next").bool(driven.isWaitingForNext());
            out.key("Text").text(clipped(driven.text()));
            out.key("Waiting").map(driven.waitingFor().size());
            driven.waitingFor().forEach((name, why) -> out.key(name).text(clipped(why)));
        });
        out.key("Gossip").bytes(said.gossip().map(SelfReportCodec::encode).orElse(Octets.empty()));
        out.key("Hindrances").map(report.hindrances().size());
        report.hindrances().forEach((kind, why) -> out.key(kind.name()).text(clipped(why)));
        out.key("Laid").list(report.laid().size());
        report.laid().forEach(line -> out.text(clipped(line)));
        out.key("Member").text(said.member());
        out.key("Question").unsigned(answer.question());
        out.key("Records").list(said.records().size());
        said.records().forEach(record -> out.text(UpshiftJournal.text(record)));
        out.key("Rotations").list(report.rotation().isPresent() ? 1 : 0);
        report.rotation().ifPresent(rotating -> out.text(clipped(rotating.keyId())));
        tls(out.key("Tls"), said.tls());
        return out.toOctets();
    }

    private static void tls(MsgpackWriter out, TlsReport tls) {
        out.map(8);
        out.key("Authority").bool(tls.hasAuthority());
        out.key("Certificate").bool(tls.hasCertificate());
        out.key("Ends").unsigned(tls.certificateEnds().map(ReportCodec::millis).orElse(0L));
        out.key("Fault").text(clipped(tls.fault().orElse("")));
        out.key("In").bool(tls.verifyIncoming());
        out.key("Out").bool(tls.verifyOutgoing());
        out.key("Plain").unsigned(tls.lastPlainCall().map(ReportCodec::millis).orElse(0L));
        out.key("Print").text(tls.fingerprint());
    }

    /** Empty for what is no report. */
    static Optional<Answer> decode(Octets body) {
        MsgpackReader in = new MsgpackReader(body, 0, DEPTH_MAX);
        long at = 0;
        long question = 0;
        String member = "";
        Optional<SelfReport> gossip = Optional.empty();
        Map<UpshiftKind, String> hindrances = new EnumMap<>(UpshiftKind.class);
        Map<UpshiftKind, MemberReport.Driven> driven = new EnumMap<>(UpshiftKind.class);
        List<String> laid = new ArrayList<>();
        List<UpshiftRecord> records = new ArrayList<>();
        List<MemberReport.Rotating> rotations = new ArrayList<>();
        TlsReport tls =
                new TlsReport(false, false, false, false, Optional.empty(), Optional.empty(), "", Optional.empty());
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            switch (in.field(header, i, SHAPE)) {
                case 0 -> at = in.unsigned(MILLIS_MAX);
                case 1 -> readDriven(in, driven);
                case 2 -> gossip = SelfReportCodec.decode(in.bytes(REPORT_MAX_BYTES));
                case 3 -> {
                    for (int left = in.beginMap(KINDS_MAX); left > 0 && !in.hasFailed(); left--) {
                        Optional<UpshiftKind> kind = kind(in);
                        String why = words(in);
                        kind.ifPresent(known -> hindrances.put(known, why));
                    }
                }
                case 4 -> {
                    for (int left = in.beginList(LINES_MAX); left > 0 && !in.hasFailed(); left--) {
                        laid.add(words(in));
                    }
                }
                case 5 -> member = in.text(NAME_MAX_BYTES);
                case 6 -> question = in.unsigned(Long.MAX_VALUE);
                case 7 -> {
                    for (int left = in.beginList(KINDS_MAX); left > 0 && !in.hasFailed(); left--) {
                        UpshiftJournal.parse(in.text(RECORD_MAX_BYTES)).ifPresent(records::add);
                    }
                }
                case 8 -> {
                    for (int left = in.beginList(ROTATIONS_MAX); left > 0 && !in.hasFailed(); left--) {
                        rotations.add(new MemberReport.Rotating(words(in)));
                    }
                }
                case 9 -> tls = readTls(in);
                default -> in.skip();
            }
        }
        if (in.hasFailed() || member.isEmpty()) {
            return Optional.empty();
        }
        UpshiftReport said = new UpshiftReport(member, gossip, tls, records, Instant.ofEpochMilli(at));
        return Optional.of(new Answer(
                question,
                new MemberReport(
                        said, hindrances, laid, driven, rotations.stream().findFirst())));
    }

    private static void readDriven(MsgpackReader in, Map<UpshiftKind, MemberReport.Driven> driven) {
        for (int left = in.beginMap(KINDS_MAX); left > 0 && !in.hasFailed(); left--) {
            Optional<UpshiftKind> kind = kind(in);
            boolean isWaiting = false;
            String text = "";
            SortedMap<String, String> waitingFor = new TreeMap<>();
            int header = in.beginStruct();
            for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
                switch (in.field(header, i, DRIVEN)) {
                    case 0 -> isWaiting = in.bool();
                    case 1 -> text = words(in);
                    case 2 -> {
                        for (int more = in.beginMap(WAITING_MAX); more > 0 && !in.hasFailed(); more--) {
                            String name = in.text(NAME_MAX_BYTES);
                            waitingFor.put(name, words(in));
                        }
                    }
                    default -> in.skip();
                }
            }
            MemberReport.Driven read = new MemberReport.Driven(isWaiting, waitingFor, text);
            kind.ifPresent(known -> driven.put(known, read));
        }
    }

    private static TlsReport readTls(MsgpackReader in) {
        boolean hasAuthority = false;
        boolean hasCertificate = false;
        boolean incoming = false;
        boolean outgoing = false;
        long ends = 0;
        long plain = 0;
        String fault = "";
        String print = "";
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !in.hasFailed(); i++) {
            switch (in.field(header, i, TLS)) {
                case 0 -> hasAuthority = in.bool();
                case 1 -> hasCertificate = in.bool();
                case 2 -> ends = in.unsigned(MILLIS_MAX);
                case 3 -> fault = words(in);
                case 4 -> incoming = in.bool();
                case 5 -> outgoing = in.bool();
                case 6 -> plain = in.unsigned(MILLIS_MAX);
                case 7 -> print = in.text(NAME_MAX_BYTES);
                default -> in.skip();
            }
        }
        return new TlsReport(
                hasCertificate,
                hasAuthority,
                incoming,
                outgoing,
                instant(plain),
                instant(ends),
                print,
                fault.isEmpty() ? Optional.empty() : Optional.of(fault));
    }

    /** As much of a text as a reader takes. */
    static String clipped(String text) {
        return text.length() <= TEXT_MAX_CHARS ? text : text.substring(0, TEXT_MAX_CHARS);
    }

    /** What a peer says, fit to be shown. */
    static String words(MsgpackReader in) {
        String text = in.text(TEXT_MAX_BYTES);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> shown.appendCodePoint(Character.isISOControl(point) ? '?' : point));
        return shown.toString();
    }

    private static Optional<UpshiftKind> kind(MsgpackReader in) {
        String name = in.text(NAME_MAX_BYTES);
        for (UpshiftKind kind : UpshiftKind.values()) {
            if (kind.name().equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static long millis(Instant at) {
        return Math.min(MILLIS_MAX, Math.max(0, at.toEpochMilli()));
    }
}
