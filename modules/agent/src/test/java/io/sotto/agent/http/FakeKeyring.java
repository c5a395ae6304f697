package io.sotto.agent.http;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.MemberKeyring;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.crypto.GossipKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The rings of some members, all alike, under the rules and in the words of Serf; remembers the relay factors. */
final class FakeKeyring implements ClusterKeyring {
    final List<Integer> relayFactors = new ArrayList<>();
    final TreeSet<String> silent = new TreeSet<>();
    Optional<String> refused = Optional.empty();
    private final List<String> members;
    private final List<GossipKey> ring = new ArrayList<>();

    FakeKeyring(String... members) {
        this.members = List.of(members);
    }

    FakeKeyring with(String... keys) {
        ring.clear();
        List.of(keys).forEach(key -> ring.add(GossipKey.parse(key)));
        return this;
    }

    List<GossipKey> ring() {
        return List.copyOf(ring);
    }

    @Override
    public CompletionStage<KeyringReport> list(int relayFactor) {
        return answer(relayFactor, () -> ring.isEmpty() ? "Keyring is empty (encryption not enabled)" : "");
    }

    @Override
    public CompletionStage<KeyringReport> listLocal() {
        return list(0);
    }

    @Override
    public CompletionStage<KeyringReport> install(GossipKey key, int relayFactor) {
        return answer(relayFactor, () -> {
            if (!ring.contains(key)) {
                ring.add(key);
            }
            return "";
        });
    }

    @Override
    public CompletionStage<KeyringReport> use(GossipKey key, int relayFactor) {
        return answer(relayFactor, () -> {
            if (!ring.remove(key)) {
                return "Requested key is not in the keyring";
            }
            ring.add(0, key);
            return "";
        });
    }

    @Override
    public CompletionStage<KeyringReport> remove(GossipKey key, int relayFactor) {
        return answer(relayFactor, () -> {
            if (key.equals(ring.get(0))) {
                return "Removing the primary key is not allowed";
            }
            ring.remove(key);
            return "";
        });
    }

    @Override
    public CompletionStage<KeyringReport> status() {
        return list(0);
    }

    @Override
    public Source<RotationProgress, NotUsed> rotate(RotationMachine.Beginning beginning) {
        throw noRotation();
    }

    @Override
    public void rotateWith(OtherRings rings) {
        // There is none to cover them.
    }

    @Override
    public CompletionStage<RotationProgress> rotation() {
        throw noRotation();
    }

    @Override
    public CompletionStage<RotationProgress> abortRotation() {
        throw noRotation();
    }

    @Override
    public CompletionStage<RotationProgress> rotateWithout(Set<String> names) {
        throw noRotation();
    }

    private static UnsupportedOperationException noRotation() {
        return new UnsupportedOperationException("no golden capture rotates a key");
    }

    private CompletionStage<KeyringReport> answer(int relayFactor, Supplier<String> change) {
        relayFactors.add(relayFactor);
        TreeMap<String, MemberKeyring> answers = new TreeMap<>();
        if (refused.isEmpty()) {
            String message = change.get();
            for (String member : members) {
                if (!silent.contains(member)) {
                    answers.put(
                            member,
                            new MemberKeyring(
                                    message.isEmpty(),
                                    message,
                                    ring,
                                    ring.stream().findFirst()));
                }
            }
        }
        return CompletableFuture.completedFuture(new KeyringReport(members.size(), answers, silent, refused));
    }
}
