package io.sotto.agent.doctor;

import java.util.List;

/**
 * What lies on the agent's machine.
 *
 * @param files what should be for its owner alone
 * @param certificates of the agent's own files
 * @param applied what upshifts changed and the configuration does not say; empty where there is nothing
 * @param unreadable files that are named and cannot be used, with why: {@code open a.pem: no such file or directory}
 */
public record MachineSeen(
        List<FileSeen> files, List<CertificateSeen> certificates, List<AppliedSeen> applied, List<String> unreadable) {
    public MachineSeen {
        files = List.copyOf(files);
        applied = List.copyOf(applied);
        certificates = List.copyOf(certificates);
        unreadable = List.copyOf(unreadable);
    }
}
