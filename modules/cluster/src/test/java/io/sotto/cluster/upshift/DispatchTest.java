package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Member;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.UpshiftEffect;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerRole;
import io.sotto.virtualtime.Recorder;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An order for the servers s1, where it is given, and s2, and for the clients c1 and c2. */
class DispatchTest {
    private static final GossipKey KEY = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");

    private final VirtualTime time = VirtualTime.create("dispatch");
    private final Recorder<UpshiftMember.Command> own = time.recorder();
    private final Map<String, CompletableFuture<OrderAnswer>> ordered = new HashMap<>();
    private final Dispatch dispatch = new Dispatch(new FourMembers(), new Carrier(), own.ref(), time::after);

    @AfterEach
    void tearDown() {
        time.close();
    }

    @Test
    void aKeyGoesToThoseWhoMayOrderBeforeItGoesToAnybodyElse() {
        CompletionStage<Map<String, OrderAnswer>> answers = give(UpshiftKind.GOSSIP, UpshiftStage.READY);
        assertThat(ordered).containsOnlyKeys("s2");

        answer("s2", OrderAnswer.taken());
        assertThat(ordered).containsOnlyKeys("s2");
        answerOwn();
        assertThat(ordered).containsOnlyKeys("s2", "c1", "c2");

        answer("c1", OrderAnswer.taken());
        answer("c2", OrderAnswer.taken());
        assertThat(answers).isCompletedWithValueMatching(all -> all.keySet().equals(ordered(List.of("s1"))));
    }

    @Test
    void aKeyGoesToNobodyElseWhileAServerDoesNotTakeIt() {
        CompletionStage<Map<String, OrderAnswer>> answers = give(UpshiftKind.GOSSIP, UpshiftStage.READY);
        answerOwn();
        answer("s2", OrderAnswer.silent("has not answered"));

        assertThat(ordered).containsOnlyKeys("s2");
        assertThat(answers).isCompletedWithValueMatching(all -> all.keySet().equals(ordered(List.of("s1"))));
    }

    @Test
    void whatCarriesNoKeyGoesToAllAtOnce() {
        give(UpshiftKind.GOSSIP, UpshiftStage.SENDING);
        assertThat(ordered).containsOnlyKeys("s2", "c1", "c2");
    }

    @Test
    void whoDoesNotAnswerInTimeIsNotInTheAnswer() {
        CompletionStage<Map<String, OrderAnswer>> answers = give(UpshiftKind.GOSSIP, UpshiftStage.READY);
        answerOwn();
        time.run(Dispatch.PATIENCE);

        assertThat(answers).isCompletedWithValueMatching(all -> all.keySet().equals(new TreeSet<>(List.of("s1"))));
    }

    private CompletionStage<Map<String, OrderAnswer>> give(UpshiftKind kind, UpshiftStage stage) {
        UpshiftRecord record = UpshiftRecord.fresh("u", kind, "s1", KEY.id(), false, Instant.EPOCH);
        TreeSet<String> all = new TreeSet<>(List.of("s1", "s2", "c1", "c2"));
        CompletionStage<Map<String, OrderAnswer>> answers =
                dispatch.give(new UpshiftEffect.Order(1, all, stage, record), Optional.of(KEY), "");
        time.settle();
        return answers;
    }

    private Set<String> ordered(List<String> more) {
        Set<String> names = new TreeSet<>(ordered.keySet());
        names.addAll(more);
        return names;
    }

    private void answer(String name, OrderAnswer answer) {
        Optional.ofNullable(ordered.get(name)).orElseThrow().complete(answer);
    }

    private void answerOwn() {
        ((UpshiftMember.Ordered) own.all().get(0)).answer().complete(OrderAnswer.taken());
    }

    private static final class FourMembers implements Roll {
        @Override
        public String self() {
            return "s1";
        }

        @Override
        public List<Member> members() {
            return Stream.of("s1", "s2", "c1", "c2")
                    .map(name -> new Member(
                            name,
                            NodeAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8_301)),
                            Map.of(),
                            Member.Status.ALIVE,
                            ProtocolVersions.UNKNOWN,
                            1,
                            Instant.EPOCH))
                    .toList();
        }

        @Override
        public Optional<UpshiftCarrier.Place> place(Member member) {
            PeerRole role = member.name().startsWith("s") ? PeerRole.SERVER : PeerRole.MEMBER;
            return Optional.of(new UpshiftCarrier.Place(
                    member.name(), InetSocketAddress.createUnresolved("127.0.0.1", 8_300), role, "dc1"));
        }
    }

    private final class Carrier implements UpshiftCarrier {
        @Override
        public CompletionStage<Heard> ask(Place place) {
            return CompletableFuture.completedFuture(new Heard.Nothing("is not asked here"));
        }

        @Override
        public CompletionStage<OrderAnswer> order(Place place, UpshiftOrder order) {
            CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
            ordered.put(place.member(), answer);
            return answer;
        }

        @Override
        public void rest() {}
    }
}
