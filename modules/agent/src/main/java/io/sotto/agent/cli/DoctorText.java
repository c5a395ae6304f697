package io.sotto.agent.cli;

import io.sotto.agent.doctor.Checked;
import io.sotto.agent.doctor.Diagnosis;
import io.sotto.agent.doctor.Finding;
import io.sotto.agent.doctor.Severity;
import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code doctor} found, for people and for programs. */
final class DoctorText {
    private static final int INDENT = 9;

    private DoctorText() {}

    /** The gravest findings first, then what was well and what was not looked at. */
    static String text(Diagnosis diagnosis) {
        StringBuilder text = new StringBuilder();
        for (Severity severity : List.of(Severity.PROBLEM, Severity.WARNING, Severity.NOTE)) {
            for (Checked check : diagnosis.checks()) {
                for (Finding finding : check.findings()) {
                    if (finding.severity() == severity) {
                        finding(text, check, finding);
                    }
                }
            }
        }
        line(text, "ok", diagnosis, "ok");
        for (Checked check : diagnosis.checks()) {
            if (!check.skipped().isEmpty()) {
                text.append(padded("skipped"))
                        .append(check.name())
                        .append(": ")
                        .append(check.skipped())
                        .append('\n');
            }
        }
        text.append('\n').append(summary(diagnosis)).append('\n');
        return text.toString();
    }

    private static void finding(StringBuilder text, Checked check, Finding finding) {
        text.append(padded(finding.severity().word()))
                .append(check.name())
                .append(": ")
                .append(Terminal.printable(finding.where()))
                .append(": ")
                .append(Terminal.printable(finding.what()))
                .append('\n')
                .append(" ".repeat(INDENT))
                .append("mend: ")
                .append(Terminal.printable(finding.mend()))
                .append('\n');
    }

    private static void line(StringBuilder text, String head, Diagnosis diagnosis, String verdict) {
        List<String> names = diagnosis.checks().stream()
                .filter(check -> check.verdict().equals(verdict))
                .map(Checked::name)
                .toList();
        if (!names.isEmpty()) {
            text.append(padded(head)).append(String.join(", ", names)).append('\n');
        }
    }

    private static String padded(String word) {
        return word + " ".repeat(INDENT - word.length());
    }

    private static String summary(Diagnosis diagnosis) {
        return counted(diagnosis.count(Severity.PROBLEM), "problem") + ", "
                + counted(diagnosis.count(Severity.WARNING), "warning") + ", "
                + counted(diagnosis.count(Severity.NOTE), "note") + " in "
                + counted(
                        diagnosis.checks().stream()
                                .filter(check -> check.skipped().isEmpty())
                                .count(),
                        "check");
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    static Json json(Diagnosis diagnosis) {
        List<Json> checks = new ArrayList<>();
        for (Checked check : diagnosis.checks()) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("check", Json.of(check.name()));
            fields.put("verdict", Json.of(check.verdict()));
            fields.put("skipped", Json.of(check.skipped()));
            fields.put(
                    "findings",
                    new Json.Elements(
                            check.findings().stream().map(DoctorText::json).toList()));
            checks.add(new Json.Fields(fields));
        }
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("problems", Json.of(diagnosis.count(Severity.PROBLEM)));
        fields.put("warnings", Json.of(diagnosis.count(Severity.WARNING)));
        fields.put("notes", Json.of(diagnosis.count(Severity.NOTE)));
        fields.put("checks", new Json.Elements(checks));
        return new Json.Fields(fields);
    }

    private static Json json(Finding finding) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("severity", finding.severity().word());
        fields.put("where", finding.where());
        fields.put("what", finding.what());
        fields.put("mend", finding.mend());
        return Json.of(fields);
    }
}
