package io.sotto.gossip.rotation;

import io.sotto.gossip.keys.KeyOperation;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RingAnswer;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The rings outside a pool that are to hold the same key, which a rotation of the pool's key covers too: those of the WAN pool,
 * and those of other datacenters. Safe to use from every thread; nothing blocks.
 */
public interface OtherRings {
    /** Who has them, by names of {@link io.sotto.membership.rotation.RingPlace}, which no member of the pool has. */
    Attendance members();

    /**
     * Has all of them do something. Never fails: whoever gives no answer is not among the answers.
     *
     * @param key the one that it is about, as of {@link KeyOperation#request}; to be wiped by nobody before the answer is there
     * @param relayFactor through how many more members each answer comes
     */
    CompletionStage<Told> ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor);

    /**
     * What came of it.
     *
     * @param answers by name
     * @param unasked why somebody could not be asked, by name, where that is known
     * @param keys the keys that were listed, for removing them
     */
    record Told(Map<String, RingAnswer> answers, Map<String, String> unasked, List<GossipKey> keys) {
        public Told {
            answers = Map.copyOf(answers);
            unasked = Map.copyOf(unasked);
            keys = List.copyOf(keys);
        }

        /** Of where there is nobody. */
        static Told nothing() {
            return new Told(Map.of(), Map.of(), List.of());
        }
    }
}
