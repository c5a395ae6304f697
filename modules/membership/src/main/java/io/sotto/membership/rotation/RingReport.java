package io.sotto.membership.rotation;

import java.util.Map;
import java.util.Optional;

/**
 * What came of asking all members.
 *
 * @param answers by the member's name; who is not in it was silent
 * @param unasked why somebody could not be asked, by name, where that is known
 * @param refused why nothing was asked at all, if nothing was
 */
public record RingReport(Map<String, RingAnswer> answers, Map<String, String> unasked, Optional<String> refused) {
    public RingReport {
        answers = Map.copyOf(answers);
        unasked = Map.copyOf(unasked);
    }

    /** Where nobody knows why somebody was silent. */
    public RingReport(Map<String, RingAnswer> answers, Optional<String> refused) {
        this(answers, Map.of(), refused);
    }
}
