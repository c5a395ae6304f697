package io.sotto.rpc.pool;

import io.sotto.pki.PeerRefused;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.flight.RpcCallEvent;
import io.sotto.rpc.link.RpcLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its beginning to its one end, over as many links as it takes; it is the future that the caller holds.
 *
 * <p>At any moment it is under way on one link, waits in one slot, or pauses before another try; whoever ends that goes on
 * with it, so its fields need no lock. Only the end may come from aside: by the deadline, or when the caller cancels; what is
 * under way then is called off.
 */
final class PooledCall extends CompletableFuture<RpcResult> {
    /** Source: RPC specification, section 8. */
    private static final String NO_LEADER = "No cluster leader";

    private static final String DIAL_FAILED = "rpc error getting client: failed to get conn: ";
    private static final String NOT_SENT = "rpc error getting client: failed to start stream: ";
    private static final String CALL_FAILED = "rpc error making call: ";

    private static final List<String> ENDS_OF_A_CONNECTION = List.of("EOF", "stream closed", "session shutdown");

    /** Pauses are up to this part of the hold timeout. */
    private static final int PAUSES_PER_HOLD = 16;

    /** How often a call follows one peer from a link that takes no more calls to its successor. */
    private static final int FOLLOWS_MAX = 3;

    private final RpcCalls calls;
    private final Route route;
    private final RpcRequest request;
    private final boolean repeatable;
    private final BiFunction<RpcLink, RpcRequest, CompletableFuture<RpcResult>> send;
    private final Consumer<Slot.Outcome> waiter = this::onOutcome;
    private final long startedNanos;
    private int turn;
    private int follows;
    private List<Slot> tried = List.of();
    private volatile @Nullable Slot slot;
    private volatile @Nullable CompletableFuture<RpcResult> underWay;
    private volatile @Nullable Cancellable deadline;
    private volatile @Nullable Cancellable pause;

    /**
     * @param repeatable whether it may be made again when it may have run
     * @param send makes it on a link
     */
    PooledCall(
            RpcCalls calls,
            Route route,
            RpcRequest request,
            boolean repeatable,
            BiFunction<RpcLink, RpcRequest, CompletableFuture<RpcResult>> send) {
        this.calls = calls;
        this.route = route;
        this.request = request;
        this.repeatable = repeatable;
        this.send = send;
        this.startedNanos = nanos();
    }

    void start() {
        if (route instanceof Route.Line && !calls.state().admit(startedNanos)) {
            finish(new RpcResult.Overloaded("RPC rate limit exceeded (rpc.rate)"));
            return;
        }
        if (route instanceof Route.Spread) {
            turn = calls.state().nextTurn();
        }
        attempt();
    }

    /** Like any other end: the future completes with {@link RpcResult.Cancelled}, and what is under way is called off. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return finish(new RpcResult.Cancelled());
    }

    private void attempt() {
        if (isDone()) {
            return;
        }
        List<Slot> candidates = calls.candidates(route);
        if (candidates.isEmpty()) {
            finish(new RpcResult.Unreachable(route.nobody(calls.state().routes()), false));
            return;
        }
        Slot next = untried(candidates).orElseGet(() -> candidates.get(0));
        slot = next;
        RpcLink link = next.link();
        if (link != null) {
            send(next, link);
        } else {
            await(next);
        }
    }

    private Optional<Slot> untried(List<Slot> candidates) {
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            Slot candidate = candidates.get((turn + i) % size);
            if (!tried.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private void send(Slot to, RpcLink link) {
        long now = nanos();
        to.used(now);
        long leftNanos = request.timeout().toNanos() - (now - startedNanos);
        if (leftNanos <= 0) {
            finish(new RpcResult.TimedOut(request.timeout()));
            return;
        }
        RpcRequest sent = now == startedNanos
                ? request
                : new RpcRequest(request.method(), request.body(), Duration.ofNanos(leftNanos));
        CompletableFuture<RpcResult> attempt = send.apply(link, sent);
        underWay = attempt;
        if (isDone()) {
            attempt.cancel(false);
        }
        CompletionStage<RpcResult> end = attempt;
        end.whenComplete((result, failure) -> onResult(to, link, result));
    }

    private void onResult(Slot from, RpcLink link, RpcResult result) {
        underWay = null;
        if (isDone()) {
            return;
        }
        if (result instanceof RpcResult.Unreachable unreachable) {
            onUnreachable(from, link, unreachable);
        } else if (result instanceof RpcResult.Failed failed) {
            onFailed(from, failed);
        } else if (result instanceof RpcResult.TimedOut) {
            // Of a later try, which was given less.
            finish(new RpcResult.TimedOut(request.timeout()));
        } else {
            finish(result);
        }
    }

    private void onFailed(Slot from, RpcResult.Failed failed) {
        RpcResult told = route instanceof Route.Line ? new RpcResult.Failed(CALL_FAILED + failed.text()) : failed;
        if (route instanceof Route.Line && failed.text().contains(NO_LEADER)) {
            calls.failed(from);
            again(from, told);
        } else if (route instanceof Route.Line && isLostOnTheWayToTheLeader(failed.text())) {
            // The server that said so is well, and as good as any other once there is a leader.
            again(from, told);
        } else {
            finish(told);
        }
    }

    /**
     * Whether a server could not pass the call on: it was not sent, or, where the call may run twice, its connection ended. Real
     * clients tell their callers at once; a leader's restart then costs them calls that would do no harm.
     */
    private boolean isLostOnTheWayToTheLeader(String text) {
        return text.startsWith(DIAL_FAILED)
                || text.startsWith(NOT_SENT)
                || (repeatable
                        && text.startsWith(CALL_FAILED)
                        && ENDS_OF_A_CONNECTION.stream().anyMatch(text::endsWith));
    }

    private void onUnreachable(Slot from, RpcLink link, RpcResult.Unreachable unreachable) {
        from.withdraw(link);
        if (!unreachable.mayHaveRun() && follows < FOLLOWS_MAX) {
            // It drains, most likely; its successor is there, or will be.
            follows++;
            calls.state().retries.increment();
            attempt();
            return;
        }
        calls.failed(from);
        RpcResult told = new RpcResult.Unreachable(
                words(from, unreachable.mayHaveRun() ? CALL_FAILED : NOT_SENT, unreachable.reason()),
                unreachable.mayHaveRun());
        if (unreachable.mayHaveRun() && !repeatable) {
            finish(told);
        } else {
            again(from, told);
        }
    }

    /** Tries elsewhere, or after a pause, as long as the hold timeout allows. */
    private void again(Slot failed, RpcResult told) {
        long nowNanos = nanos();
        boolean isHeld = nowNanos - startedNanos < settings().holdTimeout().toNanos();
        if (!isHeld || route instanceof Route.Fixed) {
            finish(told);
            return;
        }
        if (tried.isEmpty()) {
            tried = new ArrayList<>();
        }
        tried.add(failed);
        calls.state().retries.increment();
        if (untried(calls.candidates(route)).isPresent()) {
            attempt();
            return;
        }
        tried.clear();
        if (!calls.state().enterQueue()) {
            finish(told);
            return;
        }
        startDeadline();
        long most = settings().holdTimeout().toNanos() / PAUSES_PER_HOLD;
        pause = calls.later(Duration.ofNanos(calls.chance(most) + 1), this::wake);
    }

    private void wake() {
        pause = null;
        calls.state().leaveQueue();
        attempt();
    }

    private void await(Slot where) {
        if (!calls.state().enterQueue()) {
            finish(new RpcResult.Overloaded("more calls wait for connections than rpc.max-waiting allows"));
            return;
        }
        startDeadline();
        where.await(waiter);
        if (isDone() && where.forget(waiter)) {
            calls.state().leaveQueue();
            return;
        }
        calls.want(where);
    }

    private void onOutcome(Slot.Outcome outcome) {
        calls.state().leaveQueue();
        Slot from = slot;
        if (isDone() || from == null) {
            return;
        }
        if (outcome.link().isPresent()) {
            send(from, outcome.link().get());
            return;
        }
        Slot.Failure failure = outcome.failure().orElseThrow();
        RpcResult told = new RpcResult.Unreachable(
                words(
                        from,
                        DIAL_FAILED,
                        failure.refused().map(PeerRefused::explain).orElse(failure.reason())),
                false);
        if (failure.refused().isPresent() && isRefusedByAll(from)) {
            // Waiting makes no certificate better.
            finish(told);
        } else {
            again(from, told);
        }
    }

    /** Whether every other one that would do has been tried already. */
    private boolean isRefusedByAll(Slot last) {
        return calls.candidates(route).stream().allMatch(slot -> slot == last || tried.contains(slot));
    }

    private String words(Slot from, String consuls, String reason) {
        return route instanceof Route.Line
                ? consuls + reason
                : from.peer().name() + " at " + address(from) + ": " + reason;
    }

    private static String address(Slot slot) {
        return slot.peer().address().getHostString() + ":"
                + slot.peer().address().getPort();
    }

    private void startDeadline() {
        if (deadline == null) {
            long leftNanos = request.timeout().toNanos() - (nanos() - startedNanos);
            deadline = calls.later(
                    Duration.ofNanos(Math.max(leftNanos, 1)), () -> finish(new RpcResult.TimedOut(request.timeout())));
            if (isDone()) {
                cancel(deadline);
            }
        }
    }

    private boolean finish(RpcResult result) {
        if (!complete(result)) {
            return false;
        }
        cancel(deadline);
        Slot where = slot;
        if (RpcCallEvent.isRecorded()) {
            RpcCallEvent.record(
                    request.method(),
                    where == null ? "" : where.peer().name(),
                    result.getClass().getSimpleName(),
                    nanos() - startedNanos);
        }
        if (where != null && where.forget(waiter)) {
            calls.state().leaveQueue();
        }
        if (cancel(pause)) {
            calls.state().leaveQueue();
        }
        CompletableFuture<RpcResult> attempt = underWay;
        if (attempt != null) {
            attempt.cancel(false);
        }
        return true;
    }

    private static boolean cancel(@Nullable Cancellable timer) {
        return timer != null && timer.cancel();
    }

    private RpcPoolSettings settings() {
        return calls.state().settings();
    }

    private long nanos() {
        return calls.state().environment().nanos().getAsLong();
    }
}
