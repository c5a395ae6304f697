package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The keys of a pool that runs: operations go through its guardian, which keeps them until the pool has started.
 *
 * @param state what the guardian publishes
 */
record RunningClusterKeyring(Guardian guardian, PoolState state) implements ClusterKeyring {
    private static final int STEPS_BUFFERED = 256;

    @Override
    public CompletionStage<KeyringReport> list(int relayFactor) {
        return query(KeyOperation.LIST, Optional.empty(), relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> install(GossipKey key, int relayFactor) {
        return query(KeyOperation.INSTALL, Optional.of(key.copy()), relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> use(GossipKey key, int relayFactor) {
        return query(KeyOperation.USE, Optional.of(key), relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> remove(GossipKey key, int relayFactor) {
        return query(KeyOperation.REMOVE, Optional.of(key), relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> status() {
        return report(replyTo -> new GossipPool.KeyStatus(0, replyTo));
    }

    @Override
    public CompletionStage<KeyringReport> listLocal() {
        return guardian.<KeyKeeper.Answer, KeyringReport>ask(
                replyTo -> new GossipPool.Keys(new KeyKeeper.ListKeys(replyTo)), this::local);
    }

    private KeyringReport local(KeyKeeper.Answer answer) {
        SortedMap<String, MemberKeyring> answers = new TreeMap<>();
        if (answer instanceof KeyKeeper.Answer.Done done) {
            answers.put(
                    state.members().self().name(),
                    new MemberKeyring(true, "", done.ring().keys(), done.ring().primary()));
            return new KeyringReport(1, answers, new TreeSet<>(), Optional.empty());
        }
        return new KeyringReport(0, answers, new TreeSet<>(), Optional.of(answer.fault()));
    }

    private CompletionStage<KeyringReport> query(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
        return report(replyTo -> new GossipPool.KeyQuery(operation, key, relayFactor, replyTo));
    }

    private CompletionStage<KeyringReport> report(Function<ActorRef<KeyReport>, GossipPool.Command> command) {
        return guardian.<KeyReport, KeyringReport>ask(command, KeyringReport::of);
    }

    @Override
    public Source<RotationProgress, NotUsed> rotate(RotationMachine.Beginning beginning) {
        return guardian.<RotationProgress, RotationProgress>stream(
                        follower -> new GossipPool.Rotate(
                                new RotationRequest.Start(RotationCause.ASKED, beginning), follower),
                        Function.identity(),
                        STEPS_BUFFERED)
                .takeWhile(progress -> progress.outcome().isEmpty(), true);
    }

    @Override
    public void rotateWith(OtherRings rings) {
        state.rotateWith(rings);
    }

    @Override
    public CompletionStage<RotationProgress> rotation() {
        return ask(new RotationRequest.Status());
    }

    @Override
    public CompletionStage<RotationProgress> abortRotation() {
        return ask(new RotationRequest.Abort());
    }

    @Override
    public CompletionStage<RotationProgress> rotateWithout(Set<String> members) {
        return ask(new RotationRequest.Without(members));
    }

    private CompletionStage<RotationProgress> ask(RotationRequest request) {
        return guardian.ask(replyTo -> new GossipPool.Rotate(request, replyTo));
    }
}
