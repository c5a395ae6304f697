package io.sotto.gossip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last probes that ended without an answer, so that a late answer still tells something. One owner.
 */
final class UnansweredProbes {
    /** At one probe a second, a minute; a slow node probes less often. */
    private static final int MAX = 64;

    private final Map<Long, String> targets = new LinkedHashMap<>();

    void add(long seqNo, String target) {
        targets.put(seqNo, target);
        if (targets.size() > MAX) {
            Iterator<Long> eldest = targets.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Whom the probe of this number was for; each is answered once. */
    Optional<String> remove(long seqNo) {
        return Optional.ofNullable(targets.remove(seqNo));
    }
}
