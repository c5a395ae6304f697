package io.sotto.gossip.rotation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says whether a rotation may begin now. Whoever changes keys besides, and must not have them changed under its hands, answers
 * here. Safe to use from every thread; nothing blocks, and nothing fails.
 */
@FunctionalInterface
public interface Clearance {
    /** Why none may begin now, for people; empty if one may. */
    CompletionStage<Optional<String>> hindrance();

    /** Nothing is ever in the way. */
    static Clearance always() {
        return () -> CompletableFuture.completedFuture(Optional.empty());
    }
}
