package io.sotto.agent.doctor;

import java.util.Locale;

/** How much a finding matters, the least first. */
public enum Severity {
    /** Worth knowing; nothing needs to be done. */
    NOTE,
    /** Will become a problem, or is one for somebody who means harm and is already inside. */
    WARNING,
    /** Does not work, or is open to whoever is on the network. */
    PROBLEM;

    /** As programs and people read it: {@code problem}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
