package io.sotto.agent.http;

import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.PoolKeyring;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The ring of one node, with two keys that nobody changes. */
final class FakeOwnKeys implements PoolKeyring {
    @Override
    public CompletionStage<KeyringOutcome> list() {
        return CompletableFuture.completedFuture(new KeyringOutcome.Done(List.of("01abcdef", "fedcba98")));
    }

    @Override
    public CompletionStage<KeyringOutcome> install(GossipKey key) {
        throw new UnsupportedOperationException("no golden capture changes the keys of one node");
    }

    @Override
    public CompletionStage<KeyringOutcome> use(GossipKey key) {
        throw new UnsupportedOperationException("no golden capture changes the keys of one node");
    }

    @Override
    public CompletionStage<KeyringOutcome> remove(GossipKey key) {
        throw new UnsupportedOperationException("no golden capture changes the keys of one node");
    }
}
