package io.sotto.discovery;

import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * The pools that lookups read, by name: {@code lan} and {@code wan} are those of {@link Sotto#get}, which the first lookup
 * starts if nobody has; others are what an application adds, such as those of {@link Sotto#create}. A lookup in a pool that
 * is not there yet waits for it as long as it may. Safe to use from every thread.
 */
public final class DiscoveryPools implements Extension {
    private final ActorSystem<?> system;
    private final ConcurrentMap<String, CompletableFuture<Pool>> added = new ConcurrentHashMap<>();

    private DiscoveryPools(ActorSystem<?> system) {
        this.system = system;
    }

    /** Those of this system. */
    public static DiscoveryPools get(ActorSystem<?> system) {
        return system.registerExtension(Id.INSTANCE);
    }

    /** Lookups with {@code pool = name} read this pool from now on; a name that is taken is given to it. */
    public void add(String name, Pool pool) {
        CompletableFuture<Pool> there = added.computeIfAbsent(name, waiting -> new CompletableFuture<>());
        if (!there.complete(pool)) {
            added.put(name, CompletableFuture.completedFuture(pool));
        }
    }

    /** Completes once the pool runs; fails when it cannot, or when this node is in no such pool. */
    CompletionStage<Pool> started(String name) {
        return find(name).thenCompose(pool -> pool.started().thenApply(self -> pool));
    }

    private CompletionStage<Pool> find(String name) {
        CompletableFuture<Pool> there = added.get(name);
        if (there != null) {
            return there;
        }
        return switch (name) {
            case "lan" -> CompletableFuture.completedFuture(Sotto.get(system).lan());
            case "wan" ->
                Sotto.get(system)
                        .wan()
                        .<CompletionStage<Pool>>map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new IllegalStateException("this node is in no WAN pool: see sotto.wan.enabled")));
            default -> added.computeIfAbsent(name, waiting -> new CompletableFuture<>());
        };
    }

    /** The extension's identity. */
    public static final class Id extends ExtensionId<DiscoveryPools> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        /** Called by Pekko, which loads extensions by this name. */
        public static Id getInstance() {
            return INSTANCE;
        }

        @Override
        public DiscoveryPools createExtension(ActorSystem<?> system) {
            return new DiscoveryPools(system);
        }
    }
}
