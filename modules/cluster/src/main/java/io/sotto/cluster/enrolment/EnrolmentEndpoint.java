package io.sotto.cluster.enrolment;

import io.sotto.gossip.rate.AddressRate;
import io.sotto.gossip.rate.TokenBucket;
import io.sotto.pki.enrolment.EnrolRefusal;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.application.RpcCodecException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code Sotto.Upshift.Enrol}: takes anybody's request, over plain connections too, since who asks has no certificate yet. What is
 * too much is refused before anything is read; what is refused is counted, and logged at most once a second, without what came.
 */
public final class EnrolmentEndpoint implements Endpoint {
    /** The method, as the service of a node serves it. */
    public static final String METHOD = EnrolMessages.METHOD;

    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentEndpoint.class);
    private static final int BURST = 5;

    private final EnrolmentOffice office;
    private final Executor blocking;
    private final LongSupplier nanos;
    private final AddressRate perAddress;
    private final TokenBucket all;
    private final TokenBucket lines = TokenBucket.create(1, 1);

    /**
     * The end of an office.
     *
     * @param blocking where the disk may be waited for
     * @param nanos a monotonic clock
     * @param seed chosen by chance
     */
    public EnrolmentEndpoint(
            EnrolmentOffice office, EnrolmentSettings settings, Executor blocking, LongSupplier nanos, long seed) {
        this.office = office;
        this.blocking = blocking;
        this.nanos = nanos;
        this.perAddress = AddressRate.create(settings.ratePerAddress(), BURST, seed);
        this.all = TokenBucket.create(settings.rate(), settings.rate());
    }

    @Override
    public CompletionStage<RpcAnswer> answer(IncomingCall call) {
        if (!admits(call)) {
            office.counters().refused(EnrolRefusal.OVERLOADED);
            return CompletableFuture.completedFuture(told(call, EnrolMessages.Reply.of(EnrolRefusal.OVERLOADED)));
        }
        if (call.body().length() > EnrolMessages.BODY_MAX_BYTES) {
            return CompletableFuture.completedFuture(new RpcAnswer.Undecodable("too long"));
        }
        EnrolMessages.Call request;
        try {
            request = EnrolMessages.CALLS.decode(call.body());
        } catch (RpcCodecException malformed) {
            return CompletableFuture.completedFuture(new RpcAnswer.Undecodable("no request for a certificate"));
        }
        return CompletableFuture.supplyAsync(() -> told(call, office.answer(request)), blocking);
    }

    private synchronized boolean admits(IncomingCall call) {
        long now = nanos.getAsLong();
        return perAddress.admits(call.source().getAddress(), now) && all.admits(now);
    }

    private RpcAnswer told(IncomingCall call, EnrolMessages.Reply reply) {
        reply.refusal().ifPresent(why -> {
            if (mayLog()) {
                LOG.warn(
                        "enrolment: refused a request from {}: {}",
                        call.source().getAddress().getHostAddress(),
                        why.text());
            }
        });
        return new RpcAnswer.Reply(EnrolMessages.REPLIES.encode(reply));
    }

    private synchronized boolean mayLog() {
        return lines.admits(nanos.getAsLong());
    }
}
