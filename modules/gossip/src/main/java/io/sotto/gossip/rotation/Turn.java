package io.sotto.gossip.rotation;

import io.sotto.membership.rotation.RotationEffect;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** One rotation: the machine, and what it takes to carry its decisions out. Used by its actor only. */
final class Turn {
    private static final int FOLLOWERS_MAX = 64;
    /** Keys of other rings that it remembers, to remove them in the end. */
    private static final int KNOWN_MAX = 256;

    final RotationMachine machine;
    private final Deque<RotationEffect> due = new ArrayDeque<>();
    private final Set<ActorRef<RotationProgress>> followers = new LinkedHashSet<>();
    private final Map<String, GossipKey> known = new HashMap<>();
    private final Asked asked = new Asked();
    private Optional<GossipKey> drawn = Optional.empty();
    private Map<String, String> waitedFor = Map.of();

    Turn(RotationMachine machine) {
        this.machine = machine;
    }

    /** This is to be done, after what is to be done already. */
    void add(Collection<RotationEffect> effects) {
        due.addAll(effects);
    }

    Optional<RotationEffect> next() {
        return Optional.ofNullable(due.poll());
    }

    /** It could not be done yet. */
    void putBack(RotationEffect effect) {
        due.addFirst(effect);
    }

    /** Whether this one is told from now on; not if it is already, or too many are. */
    boolean follow(ActorRef<RotationProgress> follower) {
        return followers.size() < FOLLOWERS_MAX && followers.add(follower);
    }

    void unfollow(ActorRef<RotationProgress> follower) {
        followers.remove(follower);
    }

    Set<ActorRef<RotationProgress>> followers() {
        return followers;
    }

    /** What all are asked. */
    Asked asked() {
        return asked;
    }

    void drew(GossipKey key) {
        drawn = Optional.of(key);
    }

    /** The key that was drawn and is on no ring yet; whoever takes it wipes it. */
    Optional<GossipKey> takeDrawn() {
        Optional<GossipKey> taken = drawn;
        drawn = Optional.empty();
        return taken;
    }

    /** Keeps a copy of a key that a member listed, until the end. */
    void know(GossipKey key) {
        if (known.size() < KNOWN_MAX) {
            known.computeIfAbsent(key.id(), id -> key.copy());
        }
    }

    Optional<GossipKey> find(Keyring ring, String id) {
        return ring.keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .or(() -> Optional.ofNullable(known.get(id)));
    }

    /** It is over: what it kept of keys is wiped. */
    void wipe() {
        known.values().forEach(GossipKey::wipe);
        takeDrawn().ifPresent(GossipKey::wipe);
    }

    /** Whether it waits for others, or for other reasons, than when this was asked last. */
    boolean isNews(RotationProgress progress) {
        boolean isNews = !progress.waitingFor().equals(waitedFor);
        waitedFor = progress.waitingFor();
        return isNews;
    }
}
