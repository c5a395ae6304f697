package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.wire.crypto.GossipKey;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** The keyring of a pool that runs: questions go through its guardian, which keeps them until the pool has started. */
record RunningKeyring(Guardian guardian) implements PoolKeyring {
    @Override
    public CompletionStage<KeyringOutcome> list() {
        return ask(KeyKeeper.ListKeys::new);
    }

    @Override
    public CompletionStage<KeyringOutcome> install(GossipKey key) {
        GossipKey own = key.copy();
        return ask(replyTo -> new KeyKeeper.Install(own, replyTo));
    }

    @Override
    public CompletionStage<KeyringOutcome> use(GossipKey key) {
        return ask(replyTo -> new KeyKeeper.Use(key, replyTo));
    }

    @Override
    public CompletionStage<KeyringOutcome> remove(GossipKey key) {
        return ask(replyTo -> new KeyKeeper.Remove(key, replyTo));
    }

    private CompletionStage<KeyringOutcome> ask(Function<ActorRef<KeyKeeper.Answer>, KeyKeeper.Request> request) {
        return guardian.<KeyKeeper.Answer, KeyringOutcome>ask(
                replyTo -> new GossipPool.Keys(request.apply(replyTo)), RunningKeyring::outcome);
    }

    private static KeyringOutcome outcome(KeyKeeper.Answer answer) {
        if (answer instanceof KeyKeeper.Answer.Done done) {
            return new KeyringOutcome.Done(
                    done.ring().keys().stream().map(GossipKey::id).toList());
        }
        return answer instanceof KeyKeeper.Answer.Refused refused
                ? new KeyringOutcome.Refused(refused.reason())
                : new KeyringOutcome.NotWritten(((KeyKeeper.Answer.NotWritten) answer).reason());
    }
}
