package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.UpshiftEffect;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerRole;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** Gives one order to several members at once, this node's own among them, and takes the answers that come in time. Any thread. */
final class Dispatch {
    /** Twice the carrier's own patience: some are ordered only when others have answered. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Roll roll;
    private final UpshiftCarrier carrier;
    private final ActorRef<UpshiftMember.Command> own;
    private final Census.Later later;

    Dispatch(Roll roll, UpshiftCarrier carrier, ActorRef<UpshiftMember.Command> own, Census.Later later) {
        this.roll = roll;
        this.carrier = carrier;
        this.own = own;
        this.later = later;
    }

    /**
     * Gives it; never fails. A member that has not answered in time is not in the answer. A key goes to servers first, and to
     * others once all of those have it: if this node dies meanwhile, either every server can go on with the upshift, or only servers
     * have the key.
     *
     * @param key goes with the order to be ready, and with no other; it is the caller's
     */
    CompletionStage<Map<String, OrderAnswer>> give(UpshiftEffect.Order order, Optional<GossipKey> key, String token) {
        boolean isKeyed = order.record().kind() == UpshiftKind.GOSSIP && order.stage() == UpshiftStage.READY;
        // A copy, because the upshift may be over, and its key wiped, before the last answer is there.
        Optional<GossipKey> copy = isKeyed ? key.map(GossipKey::copy) : Optional.empty();
        UpshiftOrder sent = new UpshiftOrder(order.record(), order.stage(), copy, token);
        ConcurrentMap<String, OrderAnswer> answers = new ConcurrentHashMap<>();
        Map<Boolean, List<String>> byRight =
                order.members().stream().collect(Collectors.partitioningBy(name -> !isKeyed || mayOrder(name)));
        CompletionStage<Void> done = all(byRight.getOrDefault(true, List.of()), sent, answers)
                .thenCompose(ended -> haveTaken(byRight.getOrDefault(true, List.of()), order.record(), answers)
                        ? all(byRight.getOrDefault(false, List.of()), sent, answers)
                        : CompletableFuture.completedFuture(null));
        done.whenComplete((none, failure) -> copy.ifPresent(GossipKey::wipe));
        CompletableFuture<Map<String, OrderAnswer>> result = new CompletableFuture<>();
        done.whenComplete((none, failure) -> result.complete(Map.copyOf(answers)));
        if (!result.isDone()) {
            later.after(PATIENCE, () -> result.complete(Map.copyOf(answers)));
        }
        return result;
    }

    private CompletableFuture<Void> all(List<String> names, UpshiftOrder order, Map<String, OrderAnswer> answers) {
        return CompletableFuture.allOf(names.stream()
                .map(name -> one(name, order)
                        .thenAccept(answer -> answers.put(name, answer))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** All but those that the upshift goes on without. */
    private static boolean haveTaken(List<String> names, UpshiftRecord record, Map<String, OrderAnswer> answers) {
        return names.stream()
                .filter(name -> !record.without().containsKey(name))
                .allMatch(name -> Optional.ofNullable(answers.get(name))
                        .filter(answer -> answer.kind() == OrderAnswer.Kind.TAKEN)
                        .isPresent());
    }

    /** Whether it could drive the upshift without a token. */
    private boolean mayOrder(String name) {
        return name.equals(roll.self())
                || listed(name)
                        .flatMap(roll::place)
                        .filter(place -> place.expected() == PeerRole.SERVER)
                        .isPresent();
    }

    private Optional<Member> listed(String name) {
        return roll.members().stream()
                .filter(member -> member.name().equals(name))
                .filter(Census::isThere)
                .findFirst();
    }

    private CompletionStage<OrderAnswer> one(String name, UpshiftOrder order) {
        if (name.equals(roll.self())) {
            CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
            own.tell(new UpshiftMember.Ordered(UpshiftMember.Caller.self(), order, answer));
            return answer;
        }
        Optional<UpshiftCarrier.Place> place = listed(name).flatMap(roll::place);
        return place.map(at -> carrier.order(at, order))
                .orElseGet(() -> CompletableFuture.completedFuture(OrderAnswer.silent("is not there")));
    }
}
