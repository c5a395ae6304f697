package io.sotto.gossip;

import io.sotto.gossip.stream.Exchanged;
import io.sotto.wire.stream.StreamMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Scheduler;
import scala.concurrent.ExecutionContextExecutor;

/**
 * Asks a member over a stream, and after a pause once more where the other side held the connection for a while and then
 * ended it without a word: a member under heavy load ends one whose first byte it did not come to read in time.
 *
 * <p>Who ends it at once refuses it, for its label for instance, and would refuse it once more. And what was held for long is
 * not begun anew, so that whoever waits for a join learns its outcome within the time of two exchanges and a half. Only for
 * requests that may be made twice. Safe to use from any thread. Source: ours; the real members do not try again.
 */
record SecondTry(TransportSlot transport, PoolTime time, Scheduler scheduler, ExecutionContextExecutor executor) {
    /** Longer than it takes to read a request and refuse it. */
    private static final Duration HELD_MIN = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    CompletionStage<Exchanged> exchange(InetSocketAddress to, StreamMessage request, Duration timeout) {
        long began = time.nanos();
        return transport
                .exchange(to, request, timeout)
                .thenCompose(exchanged -> isWorthAnother(exchanged, Duration.ofNanos(time.nanos() - began), timeout)
                        ? paused().thenCompose(go -> transport.exchange(to, request, timeout))
                        : CompletableFuture.completedFuture(exchanged));
    }

    private static boolean isWorthAnother(Exchanged exchanged, Duration held, Duration timeout) {
        return exchanged instanceof Exchanged.Failed failed
                && failed.isCutOff()
                && held.compareTo(HELD_MIN) >= 0
                && held.compareTo(timeout.dividedBy(2)) <= 0;
    }

    private CompletionStage<Void> paused() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        scheduler.scheduleOnce(PAUSE, () -> over.complete(null), executor);
        return over;
    }
}
