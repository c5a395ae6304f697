package io.sotto.gossip.stream;

import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Hosts;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import scala.concurrent.ExecutionContextExecutor;

/**
 * One connection that we opened: write the request, read the answer, close.
 *
 * <p>The first thing to happen decides the result: the answer, a failure, or the deadline.
 */
final class StreamAsking {
    private final StreamThreads threads;
    private final Connection connection;
    private final WirePolicy policy;
    private final Inspection inspection;
    private final boolean wantsAnswer;
    private final CompletableFuture<Exchanged> result;
    private final StreamReader reader;
    private final ExecutionContextExecutor executor;
    private volatile Cancellable deadline = Cancellable.alreadyCancelled();
    private int receivedBytes;

    StreamAsking(
            StreamThreads threads,
            Connection connection,
            WirePolicy policy,
            Limits limits,
            Inspection inspection,
            boolean wantsAnswer,
            CompletableFuture<Exchanged> result) {
        this.threads = threads;
        this.connection = connection;
        this.policy = policy;
        this.inspection = inspection;
        this.wantsAnswer = wantsAnswer;
        this.result = result;
        this.reader = new StreamReader(StreamRole.ANSWER, policy.forStreams(), limits, inspection.opener());
        this.executor = threads.executor();
    }

    void start(Supplier<Octets> request, Duration timeout) {
        deadline = threads.scheduler()
                .scheduleOnce(timeout, () -> end(new Exchanged.Failed(ioFailure("read", "i/o timeout"))), executor);
        guarded(() -> then(connection.write(request.get()), done -> onWritten(), failure -> fail("write", failure)));
    }

    private void onWritten() {
        if (wantsAnswer) {
            readNext();
        } else {
            connection.finish();
            end(new Exchanged.Sent());
        }
    }

    private void readNext() {
        then(connection.read(), this::onRead, failure -> fail("read", failure));
    }

    private void onRead(Octets chunk) {
        if (chunk.isEmpty() && receivedBytes == 0) {
            end(new Exchanged.Failed("EOF", true));
        } else {
            receivedBytes += chunk.length();
            onProgress(chunk.isEmpty() ? reader.end() : reader.feed(chunk));
        }
    }

    private void onProgress(StreamProgress progress) {
        if (progress instanceof StreamProgress.Complete complete) {
            inspection.evidence().stream(connection.remote(), reader.openedWith());
            end(answered(complete));
        } else if (progress instanceof StreamProgress.Refused refused) {
            count(refused.reason(), refused.detail());
            end(new Exchanged.Failed(refused.errorForPeer().orElse(refused.detail())));
        } else {
            readNext();
        }
    }

    private Exchanged answered(StreamProgress.Complete complete) {
        if (complete.droppedRecords() > 0) {
            count(Reason.BOUNDS, complete.droppedRecords() + " records of a push/pull hold a value outside its bounds");
        }
        return complete.message() instanceof StreamMessage.Swim swim && swim.message() instanceof SwimMessage.Err err
                ? new Exchanged.Failed("remote error: " + err.error())
                : new Exchanged.Answered(complete.message(), reader.openedWith());
    }

    private void count(Reason reason, String detail) {
        inspection.rejections().stream(new Rejection(reason, detail, connection.remote(), receivedBytes), policy);
    }

    private void fail(String what, Throwable failure) {
        String text = SocketErrors.text(SocketErrors.cause(failure));
        end(new Exchanged.Failed(
                ioFailure(what, what + ": " + text), receivedBytes == 0 && SocketErrors.isByTheOtherSide(text)));
    }

    private String ioFailure(String what, String text) {
        return what + " tcp " + Hosts.format(connection.local()) + "->" + Hosts.format(connection.remote()) + ": "
                + text;
    }

    private void end(Exchanged exchanged) {
        deadline.cancel();
        // In this order: closing fails the read under way, which must not become the result.
        result.complete(exchanged);
        connection.close();
    }

    /** Goes on with {@code next} or {@code lost} on the dispatcher, unless the exchange has ended in between. */
    private <T> void then(CompletionStage<T> stage, Consumer<T> next, Consumer<Throwable> lost) {
        stage.whenCompleteAsync(
                (value, failure) -> {
                    if (!result.isDone()) {
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
            end(new Exchanged.Failed("the exchange failed with " + e.getClass().getSimpleName()));
        }
    }
}
