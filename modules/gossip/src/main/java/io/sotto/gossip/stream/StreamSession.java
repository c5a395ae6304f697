package io.sotto.gossip.stream;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Connection;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContextExecutor;

/**
 * One accepted connection: {@code silent -> reading -> answering -> lingering -> ended}.
 *
 * <p>One step runs at a time, since each asks for the next; only the deadlines and {@link #end} come from elsewhere, and
 * all they do is end the session. Whatever a step throws ends this connection and nothing else.
 */
final class StreamSession {
    private enum Phase {
        SILENT,
        READING,
        ANSWERING,
        LINGERING,
        ENDED
    }

    private final StreamServer.Context context;
    private final Connection connection;
    private final WirePolicy policy;
    private final StreamReader reader;
    private final Consumer<StreamSession> onEnd;
    private final ExecutionContextExecutor executor;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.SILENT);
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final AtomicBoolean servesPushPull = new AtomicBoolean();
    private final List<Cancellable> deadlines = new ArrayList<>();
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile LongAdder outcome;
    private volatile StreamSlots.@Nullable Place place;

    StreamSession(
            StreamServer.Context context, Connection connection, WirePolicy policy, Consumer<StreamSession> onEnd) {
        this.context = context;
        this.connection = connection;
        this.policy = policy;
        this.onEnd = onEnd;
        this.executor = context.threads().executor();
        this.outcome = context.counters().abandoned;
        this.reader = new StreamReader(
                StreamRole.REQUEST,
                policy.forStreams(),
                context.limits(),
                context.inspection().opener());
    }

    /** Takes a place; without one the session must not be started. */
    boolean enter() {
        Optional<StreamSlots.Place> taken =
                context.slots().enter(connection.remote().getAddress(), this::displaced);
        taken.ifPresent(mine -> place = mine);
        return taken.isPresent();
    }

    void start() {
        after(context.settings().firstByteTimeout(), this::firstByteOverdue);
        after(context.settings().totalTimeout(), this::overdue);
        readNext();
    }

    /** Closes the connection and gives back all that it took. May be called at any time, from any thread. */
    void end() {
        if (phase.getAndSet(Phase.ENDED) != Phase.ENDED) {
            release();
        }
    }

    private void release() {
        connection.close();
        giveBack();
        StreamSlots.Place mine = place;
        if (mine != null) {
            context.slots().leave(mine);
        }
        outcome.increment();
        synchronized (deadlines) {
            deadlines.forEach(Cancellable::cancel);
        }
        onEnd.accept(this);
    }

    private void displaced() {
        if (phase.get() == Phase.LINGERING) {
            end();
        } else {
            endRefused(
                    context.counters().displaced,
                    Reason.OVERLOAD,
                    "its request was not whole when a newer connection wanted its place");
        }
    }

    private void firstByteOverdue() {
        if (phase.get() == Phase.SILENT) {
            endRefused(
                    context.counters().firstByteTimeouts,
                    Reason.TIMEOUT,
                    "it sent nothing within " + seconds(context.settings().firstByteTimeout()));
        }
    }

    private void overdue() {
        if (phase.get() == Phase.LINGERING) {
            end();
        } else {
            endRefused(
                    context.counters().totalTimeouts,
                    Reason.TIMEOUT,
                    "it was not done within " + seconds(context.settings().totalTimeout()));
        }
    }

    private void readNext() {
        hasUnread(false);
        then(connection.read().whenComplete((chunk, failure) -> hasUnread(true)), this::onRead, failure -> onLost());
    }

    private void hasUnread(boolean unread) {
        StreamSlots.Place mine = place;
        if (mine != null) {
            context.slots().hasUnread(mine, unread);
        }
    }

    private void onRead(Octets chunk) {
        if (chunk.isEmpty()) {
            onEndOfInput();
        } else {
            onChunk(chunk);
        }
    }

    private void onLost() {
        if (receivedBytes.get() == 0) {
            end();
        } else {
            endRefused(Reason.TRUNCATED, "it broke the connection off");
        }
    }

    private void onEndOfInput() {
        if (receivedBytes.get() == 0) {
            end();
        } else {
            onProgress(reader.end());
        }
    }

    private void onChunk(Octets chunk) {
        receivedBytes.addAndGet(chunk.length());
        context.counters().receivedBytes.add(chunk.length());
        phase.compareAndSet(Phase.SILENT, Phase.READING);
        if (!hold(bufferedBytes.get() + chunk.length())) {
            return;
        }
        StreamProgress progress = reader.feed(chunk);
        // What is complete, such as a user message, is held outside the reader until it is handled.
        long held = progress instanceof StreamProgress.Complete
                ? Math.max(bufferedBytes.get(), reader.heldBytes())
                : reader.heldBytes();
        if (hold(held)) {
            onProgress(progress);
        }
    }

    /** Sets so many bytes apart instead of those so far; false when there is no room, which ends the session. */
    private boolean hold(long bytes) {
        long more = bytes - bufferedBytes.get();
        if (more > 0 && !context.slots().buffer(more)) {
            endRefused(Reason.OVERLOAD, "requests and answers fill the memory set apart for them");
            return false;
        }
        if (more < 0) {
            context.slots().release(-more);
        }
        bufferedBytes.addAndGet(more);
        if (phase.get() == Phase.ENDED) {
            giveBack();
            return false;
        }
        return true;
    }

    private void stands(StreamSlots.Standing standing) {
        StreamSlots.Place mine = place;
        if (mine != null) {
            context.slots().stands(mine, standing);
        }
    }

    private void onProgress(StreamProgress progress) {
        if (progress instanceof StreamProgress.Complete complete) {
            onComplete(complete);
        } else if (progress instanceof StreamProgress.Refused refused) {
            onRefused(refused);
        } else {
            readNext();
        }
    }

    private void onComplete(StreamProgress.Complete complete) {
        // Its port is any: not that of the member that opened it.
        context.inspection().evidence().stream(
                new InetSocketAddress(connection.remote().getAddress(), 0), reader.openedWith());
        boolean isPushPull = complete.message() instanceof StreamMessage.Exchange;
        if (isPushPull && !context.slots().beginPushPull()) {
            endRefused(Reason.OVERLOAD, "too many push/pull requests are being served");
            return;
        }
        servesPushPull.set(isPushPull);
        if (complete.droppedRecords() > 0) {
            context.reject(
                    Reason.BOUNDS,
                    complete.droppedRecords() + " records of a push/pull hold a value outside its bounds",
                    connection,
                    receivedBytes.get(),
                    policy);
        }
        if (!phase.compareAndSet(Phase.READING, Phase.ANSWERING)) {
            giveBack();
            return;
        }
        stands(StreamSlots.Standing.ANSWERING);
        StreamRequest request = new StreamRequest(complete.message(), connection.remote(), complete.sealed());
        then(context.handler().handle(request), this::onHandled, failure -> end());
    }

    private void onRefused(StreamProgress.Refused refused) {
        outcome = context.counters().refused;
        context.reject(refused.reason(), refused.detail(), connection, receivedBytes.get(), policy);
        if (refused.errorForPeer().isPresent() && phase.compareAndSet(Phase.READING, Phase.ANSWERING)) {
            answer(new StreamMessage.Swim(
                    new SwimMessage.Err(refused.errorForPeer().get())));
        } else {
            end();
        }
    }

    private void onHandled(Optional<StreamMessage> answer) {
        answer.ifPresentOrElse(this::answer, () -> {
            outcome = context.counters().served;
            end();
        });
    }

    private void answer(StreamMessage message) {
        Octets bytes = context.encoder().encode(message, StreamRole.ANSWER, policy.answering(reader.label()));
        if (hold(bytes.length())) {
            then(connection.write(bytes), done -> onAnswered(bytes.length()), failure -> end());
        }
    }

    private void onAnswered(int bytes) {
        context.counters().sentBytes.add(bytes);
        if (outcome == context.counters().abandoned) {
            outcome = context.counters().served;
        }
        hasUnread(false);
        stands(StreamSlots.Standing.ANSWERED);
        if (!phase.compareAndSet(Phase.ANSWERING, Phase.LINGERING)) {
            end();
            return;
        }
        giveBack();
        connection.finish();
        after(context.settings().linger(), this::end);
        linger();
    }

    private void linger() {
        then(
                connection.read(),
                chunk -> {
                    if (chunk.isEmpty()) {
                        end();
                    } else {
                        linger();
                    }
                },
                failure -> end());
    }

    private void endRefused(Reason reason, String detail) {
        endRefused(context.counters().refused, reason, detail);
    }

    private void endRefused(LongAdder as, Reason reason, String detail) {
        if (phase.getAndSet(Phase.ENDED) != Phase.ENDED) {
            outcome = as;
            context.reject(reason, detail, connection, receivedBytes.get(), policy);
            release();
        }
    }

    private void giveBack() {
        context.slots().release(bufferedBytes.getAndSet(0));
        if (servesPushPull.getAndSet(false)) {
            context.slots().endPushPull();
        }
    }

    /** Goes on with {@code next} or {@code lost} on the dispatcher, unless the session has ended in between. */
    private <T> void then(CompletionStage<T> stage, Consumer<T> next, Consumer<Throwable> lost) {
        stage.whenCompleteAsync(
                (value, failure) -> {
                    if (phase.get() != Phase.ENDED) {
                        guarded(failure == null ? () -> next.accept(value) : () -> lost.accept(failure));
                    }
                },
                executor);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | StackOverflowError e) {
            // Only the kind of the failure: its message might quote what the peer sent.
            endRefused(
                    Reason.MALFORMED, "serving it failed with " + e.getClass().getSimpleName());
        }
    }

    private void after(Duration delay, Runnable action) {
        Cancellable scheduled = context.threads().scheduler().scheduleOnce(delay, action, executor);
        synchronized (deadlines) {
            deadlines.add(scheduled);
        }
        if (phase.get() == Phase.ENDED) {
            scheduled.cancel();
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
