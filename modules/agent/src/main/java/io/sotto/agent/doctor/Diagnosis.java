package io.sotto.agent.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What all checks came to. */
public record Diagnosis(List<Checked> checks) {
    public Diagnosis {
        checks = List.copyOf(checks);
    }

    /** The gravest finding of all; empty where nothing was found. */
    public Optional<Severity> worst() {
        return checks.stream().flatMap(check -> check.worst().stream()).max(Comparator.naturalOrder());
    }

    public long count(Severity severity) {
        return checks.stream()
                .flatMap(check -> check.findings().stream())
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
