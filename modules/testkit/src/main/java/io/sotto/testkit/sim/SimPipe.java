package io.sotto.testkit.sim;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * One direction of a connection, as TCP makes it: segments arrive in order, and what the link loses is sent again, ever more
 * patiently, while all that comes after it waits.
 *
 * <p>A write is done when the kernels have room for it, which is always unless the reader lets them fill.
 */
final class SimPipe {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final int WINDOW_BYTES = 256 * 1024;
    /** Source: Linux, the least and the greatest retransmission timeout. */
    private static final long RETRY_MIN_NANOS = 200_000_000L;

    private static final long RETRY_MAX_NANOS = 120_000_000_000L;

    private enum Kind {
        BYTES,
        END,
        RESET
    }

    private record Segment(Kind kind, Octets bytes) {}

    private final SimNetwork network;
    private final SimEndpoint from;
    private final SimEndpoint to;
    private final Queue<Segment> unsent = new ArrayDeque<>();
    private final Queue<Segment> arrived = new ArrayDeque<>();
    private Optional<CompletableFuture<Octets>> reader = Optional.empty();
    private Optional<CompletableFuture<Done>> writer = Optional.empty();
    private long lastArrival;
    private int bytesUnderWay;
    private boolean isStalled;
    private boolean isFinished;
    private boolean isAbandoned;
    private boolean readsSoon;

    SimPipe(SimNetwork network, SimEndpoint from, SimEndpoint to) {
        this.network = network;
        this.from = from;
        this.to = to;
    }

    CompletionStage<Octets> read() {
        if (isAbandoned) {
            return CompletableFuture.failedFuture(new ClosedChannelException());
        }
        CompletableFuture<Octets> read = new CompletableFuture<>();
        reader = Optional.of(read);
        readSoon();
        return read;
    }

    CompletionStage<Done> write(Octets bytes) {
        if (isFinished) {
            return CompletableFuture.failedFuture(new ClosedChannelException());
        }
        from.host().streamBytesSent += bytes.length();
        bytesUnderWay += bytes.length();
        for (int at = 0; at < bytes.length(); at += SEGMENT_BYTES) {
            unsent.add(new Segment(Kind.BYTES, bytes.slice(at, Math.min(SEGMENT_BYTES, bytes.length() - at))));
        }
        send();
        if (bytesUnderWay <= WINDOW_BYTES) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        CompletableFuture<Done> written = new CompletableFuture<>();
        writer = Optional.of(written);
        return written;
    }

    void finish() {
        if (!isFinished) {
            isFinished = true;
            unsent.add(new Segment(Kind.END, Octets.empty()));
            send();
        }
    }

    /** Nobody reads any more. */
    void abandon() {
        isAbandoned = true;
        arrived.clear();
        reader.ifPresent(waiting -> waiting.completeExceptionally(new ClosedChannelException()));
        reader = Optional.empty();
        settleWriter();
    }

    /** The writer's machine takes back what it has not sent, and says that the connection is no more. */
    void reset() {
        isFinished = true;
        unsent.clear();
        unsent.add(new Segment(Kind.RESET, Octets.empty()));
        send();
    }

    private void send() {
        if (!isStalled && !unsent.isEmpty()) {
            isStalled = true;
            from.host().unlessBlocked(() -> {
                isStalled = false;
                transmit(RETRY_MIN_NANOS);
            });
        }
    }

    private void transmit(long firstPatienceNanos) {
        SimLink link = network.link(from.host(), to.host());
        long patience = firstPatienceNanos;
        for (Segment segment = unsent.peek(); segment != null; segment = unsent.peek()) {
            if (!link.passes(from.host().random())) {
                isStalled = true;
                long nextPatience = Math.min(RETRY_MAX_NANOS, 2 * patience);
                network.after(
                        patience,
                        () -> from.host().unlessBlocked(() -> {
                            isStalled = false;
                            transmit(nextPatience);
                        }));
                return;
            }
            unsent.remove();
            // What got through shows that the link is there.
            patience = RETRY_MIN_NANOS;
            long now = network.nanos();
            lastArrival = Math.max(lastArrival, now + link.delay(from.host().random()));
            Segment sent = segment;
            network.after(lastArrival - now, () -> to.host().unlessBlocked(() -> arrive(sent)));
        }
    }

    private void arrive(Segment segment) {
        to.host().streamBytesReceived += segment.bytes.length();
        network.witness(from.host(), to.host(), from.repeatable(segment.bytes));
        if (isAbandoned) {
            bytesUnderWay -= segment.bytes.length();
            settleWriter();
        } else {
            arrived.add(segment);
            readSoon();
        }
    }

    private void readSoon() {
        if (!readsSoon && reader.isPresent() && !arrived.isEmpty()) {
            readsSoon = true;
            to.lane().execute(this::giveToReader);
        }
    }

    private void giveToReader() {
        readsSoon = false;
        Segment next = arrived.peek();
        if (next == null || reader.isEmpty()) {
            return;
        }
        CompletableFuture<Octets> read = reader.get();
        reader = Optional.empty();
        switch (next.kind) {
            case BYTES -> {
                arrived.remove();
                bytesUnderWay -= next.bytes.length();
                settleWriter();
                read.complete(next.bytes);
            }
            // Stays: whoever reads again learns the same.
            case END -> read.complete(Octets.empty());
            case RESET -> read.completeExceptionally(new IOException("connection reset by peer"));
        }
    }

    private void settleWriter() {
        if (writer.isPresent() && (isAbandoned || bytesUnderWay <= WINDOW_BYTES)) {
            CompletableFuture<Done> written = writer.get();
            writer = Optional.empty();
            from.lane().execute(() -> written.complete(Done.getInstance()));
        }
    }
}
