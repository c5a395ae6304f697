package io.sotto.membership.admission;

import java.util.Optional;

/** What every one of Consul's pools asks of a candidate before it looks at the tags. Source: gossip specification, section 14. */
final class CandidateForm {
    private static final int META_MAX_BYTES = 512;
    private static final int VSN_BYTES = 6;

    private CandidateForm() {}

    static Optional<String> objection(Candidate candidate) {
        int addressBytes = candidate.address().ip().length();
        if (addressBytes != 4 && addressBytes != 16) {
            return Optional.of("IP byte length is invalid: " + addressBytes + " bytes is not either 4 or 16");
        }
        if (candidate.meta().length() > META_MAX_BYTES) {
            return Optional.of("Encoded length of tags exceeds limit of " + META_MAX_BYTES + " bytes");
        }
        return candidate.vsn().length() < VSN_BYTES
                ? Optional.of("Member '" + candidate.name() + "' does not say its protocol versions")
                : Optional.empty();
    }
}
