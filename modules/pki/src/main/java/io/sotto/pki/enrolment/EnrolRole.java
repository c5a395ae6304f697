package io.sotto.pki.enrolment;

import java.util.Locale;
import java.util.Optional;

/** As what a node is enrolled. */
public enum EnrolRole {
    /** Its certificate proves a member, bound to its name. */
    CLIENT,
    /** Its certificate proves a server of its datacenter too. */
    SERVER;

    /** As tokens and ledgers spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<EnrolRole> parse(String word) {
        for (EnrolRole role : values()) {
            if (role.word().equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
