package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.RpcLink;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Over connections that this node dials by TLS, to the address that a member gossips, whether or not its settings ask for TLS. A
 * certificate that names a node speaks for that node alone. A bounded number of calls is under way at a time, the others wait; one
 * connection to each member is kept until {@link #rest}, or until other TLS settings are in force.
 *
 * <p>Source: ours; security rules, "TLS".
 */
public final class LinkCarrier implements UpshiftCarrier {
    /** Dials by TLS and never otherwise: {@link io.sotto.rpc.link.Dialer#dialTls}. */
    @FunctionalInterface
    public interface TlsDialer {
        CompletionStage<DialResult> dial(InetSocketAddress to, PeerRole expected, String datacenter);
    }

    /** Is told of certificates that are not what they had to be. */
    @FunctionalInterface
    public interface Alarm {
        void raise(PeerRefused refused, InetSocketAddress peer);
    }

    static final String REPORT = "Sotto.Upshift.Report";
    static final String ORDER = "Sotto.Upshift.Order";

    private static final int UNDER_WAY_MAX = 32;
    private static final Duration REPORT_PATIENCE = Duration.ofSeconds(5);
    /** Settings are written to the disk and put in force meanwhile. */
    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(20);

    /**
     * How a call ended.
     *
     * @param refusesTls whether the peer was reached and would have no TLS: it has no certificate, or does not take ours
     */
    private record Ended(RpcResult result, boolean refusesTls) {
        static Ended unreachable(String reason, boolean refusesTls) {
            return new Ended(new RpcResult.Unreachable(reason, false), refusesTls);
        }
    }

    private record Kept(Place place, RpcLink link) {}

    private final TlsDialer dialer;
    private final LongSupplier generation;
    private final LongSupplier questions;
    private final Alarm alarm;
    private final Map<String, Kept> links = new HashMap<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * @param generation of the TLS settings in force
     * @param questions gives numbers that nobody can guess, not negative
     */
    public LinkCarrier(TlsDialer dialer, LongSupplier generation, LongSupplier questions, Alarm refused) {
        this.dialer = dialer;
        this.generation = generation;
        this.questions = questions;
        this.alarm = refused;
    }

    @Override
    public CompletionStage<Heard> ask(Place place) {
        long question = questions.getAsLong();
        RpcRequest request = new RpcRequest(REPORT, ReportCodec.question(question), REPORT_PATIENCE);
        return call(place, request).thenApply(ended -> heard(place, question, ended));
    }

    private static Heard heard(Place place, long question, Ended ended) {
        RpcResult result = ended.result();
        if (!(result instanceof RpcResult.Answered answered)) {
            return new Heard.Nothing(why(result), ended.refusesTls());
        }
        Optional<ReportCodec.Answer> answer = ReportCodec.decode(answered.body());
        if (answer.isEmpty()) {
            return new Heard.Nothing("answered what is no report");
        }
        if (answer.get().question() != question) {
            return new Heard.Nothing("answered another question than this one");
        }
        String name = answer.get().report().said().member();
        return name.equals(place.member())
                ? new Heard.Report(answer.get().report())
                : new Heard.Nothing("answered as another member");
    }

    @Override
    public CompletionStage<OrderAnswer> order(Place place, UpshiftOrder order) {
        long question = questions.getAsLong();
        byte[] body = OrderCodec.encode(question, order);
        RpcRequest request = new RpcRequest(ORDER, Octets.wrap(body), ORDER_PATIENCE);
        return call(place, request).thenApply(ended -> {
            Arrays.fill(body, (byte) 0);
            return ordered(question, ended.result());
        });
    }

    private static OrderAnswer ordered(long question, RpcResult result) {
        if (result instanceof RpcResult.Failed failed) {
            return OrderAnswer.refused(failed.text(), Optional.empty());
        }
        if (!(result instanceof RpcResult.Answered answered)) {
            return OrderAnswer.silent(why(result));
        }
        return OrderCodec.answer(answered.body())
                .filter(answer -> answer.question() == question)
                .map(OrderCodec.Answered::answer)
                .orElseGet(() -> OrderAnswer.silent("answered another order than this one"));
    }

    private static String why(RpcResult result) {
        if (result instanceof RpcResult.Failed failed) {
            return "gives no report: " + failed.text();
        }
        if (result instanceof RpcResult.Unreachable unreachable) {
            return "is not reached by TLS: " + unreachable.reason();
        }
        return result instanceof RpcResult.TimedOut timedOut
                ? "has not answered for " + timedOut.after().toSeconds() + " s"
                : "was not asked: too much is under way";
    }

    /** Waits for its turn, and for a connection. */
    private CompletionStage<Ended> call(Place place, RpcRequest request) {
        CompletableFuture<Ended> result = new CompletableFuture<>();
        Runnable turn = () -> link(place, request, result);
        CompletionStage<Ended> end = result;
        end.whenComplete((ended, failure) -> next());
        synchronized (this) {
            if (underWay >= UNDER_WAY_MAX) {
                waiting.add(turn);
                return result;
            }
            underWay++;
        }
        turn.run();
        return result;
    }

    private void next() {
        Runnable turn;
        synchronized (this) {
            turn = waiting.poll();
            if (turn == null) {
                underWay--;
                return;
            }
        }
        turn.run();
    }

    private void link(Place place, RpcRequest request, CompletableFuture<Ended> result) {
        Optional<RpcLink> kept = kept(place);
        if (kept.isPresent()) {
            call(kept.get(), request, result);
            return;
        }
        dialer.dial(place.address(), place.expected(), place.datacenter()).whenComplete((dialled, failure) -> {
            if (dialled instanceof DialResult.Linked linked) {
                use(place, linked.link(), request, result);
            } else {
                DialResult.NotLinked not = (DialResult.NotLinked) dialled;
                String reason = not == null ? String.valueOf(failure) : not.reason();
                if (not != null) {
                    not.refused().ifPresent(fault -> alarm.raise(fault, place.address()));
                }
                result.complete(Ended.unreachable(reason, not != null && not.byPeer()));
            }
        });
    }

    /** Only if whoever is at the other end has proved that it may speak for the member. */
    private void use(Place place, RpcLink link, RpcRequest request, CompletableFuture<Ended> result) {
        if (!link.isTls() || !link.peer().role().proves(PeerRole.MEMBER)) {
            link.drain();
            result.complete(Ended.unreachable("its certificate proves nothing", false));
            return;
        }
        if (!link.peer().mayBe(place.member(), place.datacenter())) {
            link.drain();
            result.complete(Ended.unreachable(
                    "the certificate there is another node's: " + link.peer().nodes(), false));
            return;
        }
        Optional<Kept> before;
        synchronized (this) {
            before = Optional.ofNullable(links.put(place.member(), new Kept(place, link)));
        }
        before.ifPresent(other -> other.link().drain());
        link.goneAway().thenAccept(end -> forget(place.member(), link));
        call(link, request, result);
    }

    private static void call(RpcLink link, RpcRequest request, CompletableFuture<Ended> result) {
        CompletionStage<RpcResult> end = link.call(request);
        end.thenAccept(answer -> result.complete(new Ended(answer, false)));
    }

    private synchronized Optional<RpcLink> kept(Place place) {
        Kept kept = links.get(place.member());
        if (kept == null) {
            return Optional.empty();
        }
        if (!kept.place().equals(place) || kept.link().tlsGeneration() != generation.getAsLong()) {
            links.remove(place.member());
            kept.link().drain();
            return Optional.empty();
        }
        return Optional.of(kept.link());
    }

    private synchronized void forget(String member, RpcLink link) {
        Kept kept = links.get(member);
        if (kept != null && kept.link() == link) {
            links.remove(member);
        }
    }

    @Override
    public void rest() {
        Map<String, Kept> all;
        synchronized (this) {
            all = Map.copyOf(links);
            links.clear();
        }
        all.values().forEach(kept -> kept.link().drain());
    }
}
