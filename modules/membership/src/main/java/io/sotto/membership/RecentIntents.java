package io.sotto.membership;

import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Intents about members that are not listed, the newest of each name, for a limited time and a limited number of names.
 *
 * <p>When it is full, intents about further names are no news to it: they are neither kept nor gossiped on, so that
 * invented names cannot fill the memory nor echo through the pool. Source: gossip specification, section 17.2; the bound
 * is ours.
 */
final class RecentIntents {
    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(1);

    private final Map<String, Kept> byNode = new HashMap<>();
    private final Duration timeout;
    private final int maxNames;
    private Instant nextExpiry = Instant.MIN;

    RecentIntents(Duration timeout, int maxNames) {
        this.timeout = timeout;
        this.maxNames = maxNames;
    }

    /** Whether the intent is newer than what is known of its member. */
    boolean add(SerfMessage.Intent intent, Instant now) {
        Kept known = byNode.get(intent.node());
        if (known == null) {
            if (byNode.size() >= maxNames && !makesRoom(now)) {
                return false;
            }
        } else if (!known.isExpired(timeout, now) && Long.compareUnsigned(intent.ltime(), known.intent.ltime()) <= 0) {
            return false;
        }
        byNode.put(intent.node(), new Kept(intent, now));
        return true;
    }

    Optional<SerfMessage.Intent> get(String node, Instant now) {
        Kept known = byNode.get(node);
        return known == null || known.isExpired(timeout, now) ? Optional.empty() : Optional.of(known.intent);
    }

    /** Looks through all names at most once a second: a flood of invented names must not cost that for each of them. */
    private boolean makesRoom(Instant now) {
        if (now.isBefore(nextExpiry)) {
            return false;
        }
        nextExpiry = now.plus(EXPIRY_INTERVAL);
        expire(now);
        return byNode.size() < maxNames;
    }

    void expire(Instant now) {
        byNode.values().removeIf(kept -> kept.isExpired(timeout, now));
    }

    private record Kept(SerfMessage.Intent intent, Instant at) {
        boolean isExpired(Duration timeout, Instant now) {
            return Duration.between(at, now).compareTo(timeout) > 0;
        }
    }
}
