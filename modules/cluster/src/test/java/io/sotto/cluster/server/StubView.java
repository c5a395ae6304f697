package io.sotto.cluster.server;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.EventOutcome;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.MemberKeyring;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.coordinate.Coordinate;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A pool of members that a test lists; its keyring notes what is asked and answers for two members. */
final class StubView implements GossipView, ClusterKeyring {
    static final GossipKey KEY = GossipKey.parse("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=");

    final List<Member> members = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    boolean done = true;

    static Member member(String name, String ip, Member.Status status) {
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(ip, 8301)),
                Map.of("role", "node", "dc", "dc1", "id", "id-of-" + name, "segment", ""),
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }

    static MemberEvent event(MemberEvent.Kind kind, Member member) {
        return new MemberEvent(kind, member);
    }

    @Override
    public String self() {
        return "srv";
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public Optional<Coordinate> coordinate(String member) {
        return member.equals("srv") ? Optional.of(Coordinate.initial()) : Optional.empty();
    }

    @Override
    public Optional<Duration> roundTrip(String from, String to) {
        return Optional.of(Duration.ofMillis(to.equals(from) ? 0 : 100 - to.length()));
    }

    @Override
    public ClusterKeyring keyring() {
        return this;
    }

    @Override
    public CompletionStage<EventOutcome> broadcast(String event, Octets payload) {
        asked.add(event + " " + payload.toHex());
        return CompletableFuture.completedFuture(
                payload.length() > 100 ? new EventOutcome.Refused("too long") : new EventOutcome.Sent(7));
    }

    private CompletionStage<KeyringReport> report(String operation, int relayFactor) {
        asked.add(operation + " " + relayFactor);
        SortedMap<String, MemberKeyring> answers = new TreeMap<>();
        boolean isList = operation.equals("list");
        answers.put("cli", new MemberKeyring(true, "", isList ? List.of(KEY) : List.of(), Optional.of(KEY)));
        answers.put(
                "srv",
                new MemberKeyring(
                        done,
                        done ? "" : "Requested key is not in the keyring",
                        isList ? List.of(KEY) : List.of(),
                        Optional.of(KEY)));
        return CompletableFuture.completedFuture(new KeyringReport(2, answers, new TreeSet<>(), Optional.empty()));
    }

    @Override
    public CompletionStage<KeyringReport> list(int relayFactor) {
        return report("list", relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> install(GossipKey key, int relayFactor) {
        return report("install", relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> use(GossipKey key, int relayFactor) {
        return report("use", relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> remove(GossipKey key, int relayFactor) {
        return report("remove", relayFactor);
    }

    @Override
    public CompletionStage<KeyringReport> listLocal() {
        throw new AssertionError("not served");
    }

    @Override
    public CompletionStage<KeyringReport> status() {
        throw new AssertionError("not served");
    }

    @Override
    public Source<RotationProgress, NotUsed> rotate(RotationMachine.Beginning beginning) {
        throw new AssertionError("not served");
    }

    @Override
    public void rotateWith(OtherRings rings) {
        throw new AssertionError("not served");
    }

    @Override
    public CompletionStage<RotationProgress> rotation() {
        throw new AssertionError("not served");
    }

    @Override
    public CompletionStage<RotationProgress> abortRotation() {
        throw new AssertionError("not served");
    }

    @Override
    public CompletionStage<RotationProgress> rotateWithout(Set<String> members) {
        throw new AssertionError("not served");
    }
}
