package io.sotto.virtualtime;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an actor has been told, in order: a probe that never waits. Made by {@link VirtualTime#recorder}.
 *
 * @param ref whom to tell
 * @param all what it was told and nobody took; grows as the actor is told
 */
public record Recorder<T>(ActorRef<T> ref, List<T> all) {
    /** All that was told since the last call. */
    public List<T> take() {
        List<T> taken = List.copyOf(all);
        all.clear();
        return taken;
    }
}
