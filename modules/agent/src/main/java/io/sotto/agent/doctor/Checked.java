package io.sotto.agent.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What became of one check.
 *
 * @param name a word, the same in every run
 * @param findings the gravest first; empty where all is well
 * @param skipped why it was not made; empty if it was
 */
public record Checked(String name, List<Finding> findings, String skipped) {
    public Checked {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .toList();
    }

    static Checked of(String name, List<Finding> findings) {
        return new Checked(name, findings, "");
    }

    static Checked skipped(String name, String why) {
        return new Checked(name, List.of(), why);
    }

    /** The gravest of its findings. */
    public Optional<Severity> worst() {
        return findings.stream().map(Finding::severity).findFirst();
    }

    /** {@code ok}, {@code skipped}, or the word of the gravest finding. */
    public String verdict() {
        return skipped.isEmpty() ? worst().map(Severity::word).orElse("ok") : "skipped";
    }
}
