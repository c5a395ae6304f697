package io.sotto.cluster;

import io.sotto.cluster.enrolment.EnrolmentCaller;
import io.sotto.cluster.enrolment.EnrolmentEndpoint;
import io.sotto.cluster.enrolment.EnrolmentOffice;
import io.sotto.cluster.enrolment.EnrolmentSettings;
import io.sotto.pki.PeerRole;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.metrics.Metric;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Both sides of enrolment on one node. */
final class RunningEnrolment implements Enrolment {
    private final String self;
    private final RunningRpc rpc;
    private final Executor blocking;
    private final Unanswered unanswered;
    private final EnrolmentOffice office;
    private final EnrolmentCaller caller;
    private final Supplier<CompletionStage<Reloaded>> reload;

    /**
     * Begins to take requests where the node has an authority.
     *
     * @param unanswered ends what is asked when the actor system does
     * @param self the node's name
     * @param blocking where the disk may be waited for
     * @param nanos a monotonic clock
     * @param random unpredictable
     * @param reload takes the node's settings up again, with the files that are there by then
     */
    RunningEnrolment(
            EnrolmentSettings settings,
            Unanswered unanswered,
            String self,
            RunningRpc rpc,
            Executor blocking,
            Supplier<Instant> wall,
            LongSupplier nanos,
            SecureRandom random,
            Supplier<CompletionStage<Reloaded>> reload) {
        this.unanswered = unanswered;
        this.self = self;
        this.rpc = rpc;
        this.blocking = blocking;
        this.reload = reload;
        this.office = new EnrolmentOffice(settings, self, wall, random);
        this.caller = new EnrolmentCaller(settings, self, blocking, wall, random);
        if (office.isOpen()) {
            rpc.serve(
                    EnrolmentEndpoint.METHOD,
                    PeerRole.UNPROVEN,
                    new EnrolmentEndpoint(office, settings, blocking, nanos, random.nextLong()));
        }
    }

    @Override
    public CompletionStage<EnrolmentOffice.TokenOutcome> token(String node, EnrolRole role, Duration ttl) {
        return ending(() -> CompletableFuture.supplyAsync(() -> office.token(node, role, ttl), blocking));
    }

    @Override
    public CompletionStage<Outcome> enrol(JoinToken token, Optional<InetSocketAddress> at) {
        return ending(() -> caller.ask(token, request -> call(token, at, request))
                .thenComposeAsync(
                        asked -> asked instanceof EnrolmentCaller.Outcome.Written written
                                ? reload.get().thenApply(reloaded -> told(written, reloaded))
                                : CompletableFuture.completedFuture(
                                        new Outcome.Refused(((EnrolmentCaller.Outcome.Refused) asked).why())),
                        blocking));
    }

    /** Fails, rather than never to end, where the actor system has stopped. */
    private <A> CompletionStage<A> ending(Supplier<CompletionStage<A>> work) {
        try {
            return unanswered.add(work.get());
        } catch (RejectedExecutionException stopped) {
            return CompletableFuture.failedFuture(stopped);
        }
    }

    private CompletionStage<RpcResult> call(JoinToken token, Optional<InetSocketAddress> at, RpcRequest request) {
        if (at.isPresent()) {
            return rpc.callAt(at.get(), request);
        }
        return token.authority().equals(self)
                ? CompletableFuture.supplyAsync(() -> office.own(request), blocking)
                : rpc.to(Callee.member(token.authority())).call(request);
    }

    private Outcome told(EnrolmentCaller.Outcome.Written written, Reloaded reloaded) {
        if (reloaded instanceof Reloaded.Refused refused) {
            return new Outcome.Refused("the certificate is in "
                    + written.files().certificate() + ", and the node cannot use it: " + refused.reason());
        }
        boolean isInUse = rpc.tls()
                .own()
                .filter(own -> own.fingerprint().equals(written.certificate().fingerprint()))
                .isPresent();
        return new Outcome.Enrolled(
                written.files(),
                written.certificate(),
                isInUse
                        ? ""
                        : "the settings name certificates of their own under tls, which stay in use: name these files there");
    }

    List<Metric> metrics() {
        return office.metrics();
    }
}
