package io.sotto.testkit.upshift;

import io.sotto.cluster.Member;
import io.sotto.cluster.upshift.UpshiftCarrier;
import io.sotto.cluster.upshift.UpshiftOrder;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRole;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Carries questions and orders between nodes in place of TLS, over the links of the simulated network: what a partition cuts it cuts
 * for both, and what is lost is sent again, later, as TCP does; so an order may arrive after its driver has given up on it.
 */
final class SimWires {
    private static final Duration REPORT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(10);
    private static final long AGAIN_NANOS = Duration.ofMillis(200).toNanos();
    private static final int TRIES = 7;

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final double loss;
    private final Map<String, SimUpshiftNode> nodes = new LinkedHashMap<>();

    SimWires(SimCluster cluster, SplittableRandom random, double loss) {
        this.cluster = cluster;
        this.random = random;
        this.loss = loss;
    }

    void add(SimUpshiftNode node) {
        nodes.put(node.name(), node);
    }

    /** What every caller has proved here. */
    static PeerIdentity identity() {
        return new PeerIdentity(PeerRole.SERVER, Optional.empty(), Optional.empty(), Set.of("dc1"));
    }

    /** What anybody could say of members that do not answer: that they have long been there. It proves nothing. */
    static SortedMap<String, Stand> hearsay(Collection<Member> members) {
        SortedMap<String, Stand> hearsay = new TreeMap<>();
        for (Member member : members) {
            hearsay.put(
                    member.name(),
                    new Stand(
                            UpshiftStage.ENFORCED,
                            Stand.Ground.UNKNOWN,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        return hearsay;
    }

    UpshiftCarrier from(SimUpshiftNode source) {
        return new UpshiftCarrier() {
            @Override
            public CompletionStage<Heard> ask(Place place) {
                return exchange(
                        source,
                        place,
                        target -> CompletableFuture.completedFuture(new Heard.Report(target.report())),
                        REPORT_PATIENCE,
                        () -> new Heard.Nothing("has not answered", false));
            }

            @Override
            public CompletionStage<OrderAnswer> order(Place place, UpshiftOrder order) {
                UpshiftOrder copy = new UpshiftOrder(
                        order.record(), order.stage(), order.key().map(GossipKey::copy), order.token());
                return exchange(
                        source,
                        place,
                        target -> target.ordered(copy).thenApply(answer -> {
                            String what = answer.kind() + " " + order.stage() + " of " + order + " " + answer.why();
                            cluster.note(target.name() + " answers " + what);
                            return answer;
                        }),
                        ORDER_PATIENCE,
                        () -> OrderAnswer.silent("has not answered"));
            }

            @Override
            public void rest() {
                // Nothing is kept open.
            }
        };
    }

    private interface Serving<A> {
        CompletionStage<? extends A> at(SimUpshiftNode target);
    }

    private <A> CompletionStage<A> exchange(
            SimUpshiftNode source,
            UpshiftCarrier.Place place,
            Serving<A> serving,
            Duration patience,
            Supplier<A> otherwise) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        cluster.virtual().after(patience, () -> answer.complete(otherwise.get()));
        SimUpshiftNode target = nodes.get(place.member());
        if (target != null) {
            int there = target.member.lives();
            int here = source.member.lives();
            carry(
                    source.member,
                    target.member,
                    there,
                    0,
                    () -> serving.at(target)
                            .thenAccept(
                                    said -> carry(target.member, source.member, here, 0, () -> answer.complete(said))));
        }
        return answer;
    }

    /** One segment: tried again until it is through, or the connection is given up. */
    private void carry(SimMember from, SimMember to, int life, int tries, Runnable then) {
        boolean isUp = cluster.network().link(from, to).isUp()
                && cluster.network().link(to, from).isUp();
        if (isUp && random.nextDouble() >= loss) {
            cluster.virtual().after(random.nextLong(200_000, 2_000_000), () -> {
                if (to.isRunning() && to.lives() == life) {
                    to.lane().execute(then);
                }
            });
        } else if (tries < TRIES) {
            cluster.virtual().after(AGAIN_NANOS << tries, () -> carry(from, to, life, tries + 1, then));
        }
    }
}
