package io.sotto.membership.rotation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What one member answered, or one pool of which only counts are known.
 *
 * @param done whether it did what it was asked
 * @param message its words, when it has any
 * @param keys the ids of its keys, of a pool those on all of its rings; only in the answer to a {@link RingAction#LIST}
 * @param primary the id of the key that it seals with, of a pool that all seal with; only there, and not from every member
 * @param partly the ids of the keys that are on some of a pool's rings only
 * @param primaries the ids of the keys that some of a pool's members seal with, where it is not one for all
 */
public record RingAnswer(
        boolean done,
        String message,
        List<String> keys,
        Optional<String> primary,
        Set<String> partly,
        Set<String> primaries) {
    public RingAnswer {
        keys = List.copyOf(keys);
        partly = Set.copyOf(partly);
        primaries = Set.copyOf(primaries);
    }

    /** Of one member. */
    public RingAnswer(boolean done, String message, List<String> keys, Optional<String> primary) {
        this(done, message, keys, primary, Set.of(), Set.of());
    }

    /** Whether it is on every ring. */
    boolean holds(String key) {
        return keys.contains(key);
    }

    /** Whether it is on any ring. */
    boolean hasSomewhere(String key) {
        return keys.contains(key) || partly.contains(key);
    }

    /** Whether all seal with it. */
    boolean uses(String key) {
        return primary.filter(key::equals).isPresent();
    }

    /** The keys that anybody seals with. */
    Stream<String> inUse() {
        return Stream.concat(primary.stream(), primaries.stream());
    }

    /** The keys on any ring. */
    Set<String> all() {
        Set<String> all = new TreeSet<>(keys);
        all.addAll(partly);
        return all;
    }
}
