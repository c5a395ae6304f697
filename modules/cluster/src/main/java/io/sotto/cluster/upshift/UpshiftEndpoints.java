package io.sotto.cluster.upshift;

import io.sotto.cluster.Rpc;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What members and drivers of upshifts call here: {@code Sotto.Upshift.Report} and {@code Sotto.Upshift.Order}. Both answer only
 * those whose certificate is of this pool's authority, whatever the settings ask of other callers. Stateless; links' threads.
 */
public final class UpshiftEndpoints {
    private UpshiftEndpoints() {}

    /**
     * Serves both from now on.
     *
     * @param report what this node says of itself now
     * @param member who obeys
     */
    public static void serve(
            Rpc rpc, Supplier<MemberReport> report, ActorRef<UpshiftMember.Command> member, UpshiftCounters counters) {
        rpc.serve(LinkCarrier.REPORT, PeerRole.MEMBER, call -> report(call, report));
        rpc.serve(LinkCarrier.ORDER, PeerRole.MEMBER, call -> order(call, member, counters));
    }

    private static CompletionStage<RpcAnswer> report(IncomingCall call, Supplier<MemberReport> report) {
        if (!call.proven().role().proves(PeerRole.MEMBER)) {
            return now(new RpcAnswer.Fault(
                    "Permission denied: " + call.method() + " needs a certificate of this pool's authority"));
        }
        Optional<Long> question = ReportCodec.question(call.body());
        return now(question.<RpcAnswer>map(
                        number -> new RpcAnswer.Reply(ReportCodec.encode(new ReportCodec.Answer(number, report.get()))))
                .orElseGet(() -> new RpcAnswer.Undecodable("not a question for a report")));
    }

    private static CompletionStage<RpcAnswer> order(
            IncomingCall call, ActorRef<UpshiftMember.Command> member, UpshiftCounters counters) {
        Optional<OrderCodec.Received> received = OrderCodec.decode(call.body());
        wipe(call.body());
        if (received.isEmpty()) {
            counters.refused(OrderRefusal.UNREADABLE);
            return now(new RpcAnswer.Undecodable("not an order of an upshift"));
        }
        CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
        UpshiftMember.Caller caller = new UpshiftMember.Caller(call.proven(), Optional.of(call.source()), false);
        member.tell(new UpshiftMember.Ordered(caller, received.get().order(), answer));
        return answer.thenApply(done -> done.kind() == OrderAnswer.Kind.SILENT
                ? new RpcAnswer.Fault(done.why())
                : new RpcAnswer.Reply(OrderCodec.encode(received.get().question(), done)));
    }

    /** It is the request's own, and read: it may have held a key. */
    private static void wipe(Octets body) {
        Arrays.fill(body.array(), body.arrayOffset(), body.arrayOffset() + body.length(), (byte) 0);
    }

    private static CompletionStage<RpcAnswer> now(RpcAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
