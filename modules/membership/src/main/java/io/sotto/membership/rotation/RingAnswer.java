package io.sotto.membership.rotation;

import java.util.List;
import java.util.Optional;

/**
 * What one member answered.
 *
 * @param done whether it did what it was asked
 * @param message its words, when it has any
 * @param keys the ids of its keys; only in the answer to a {@link RingAction#LIST}
 * @param primary the id of the key that it seals with; only there, and not from every member
 */
public record RingAnswer(boolean done, String message, List<String> keys, Optional<String> primary) {
    public RingAnswer {
        keys = List.copyOf(keys);
    }

    boolean holds(String key) {
        return keys.contains(key);
    }

    boolean uses(String key) {
        return primary.filter(key::equals).isPresent();
    }
}
