package io.sotto.bench.rpc;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls in flight for a while: each answer starts the next call, on the thread that brought it. Source:
 * ours.
 */
public final class ClosedLoop {
    private static final long PATIENCE_SECONDS = 30;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * What one turn of the loop found.
     *
     * @param calls how many were answered
     * @param perSecond calls answered in a second
     * @param p50 microseconds from call to answer, median
     * @param p99 the same, 99th percentile
     * @param cpu microseconds of processor time of the whole process over the calls
     */
    public record Found(long calls, double perSecond, double p50, double p99, double cpu) {}

    private ClosedLoop() {}

    /**
     * Calls for {@code nanos} nanoseconds with {@code inFlight} calls under way.
     *
     * @throws IllegalStateException when a call fails or the stack stops to answer
     */
    public static Found run(EchoSide side, byte[] payload, int inFlight, long nanos) throws InterruptedException {
        var running = new CountDownLatch(inFlight);
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        List<Slot> slots = new ArrayList<>(inFlight);
        for (int i = 0; i < inFlight; i++) {
            slots.add(new Slot(side, payload, start + nanos, running));
        }
        slots.forEach(Slot::next);
        boolean ended = running.await(nanos + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), TimeUnit.NANOSECONDS);
        long elapsed = System.nanoTime() - start;
        long used = PROCESS.getProcessCpuTime() - cpu;
        if (!ended) {
            throw new IllegalStateException(side.name() + " left " + running.getCount() + " calls without an answer");
        }
        for (Slot slot : slots) {
            if (slot.fault != null) {
                throw new IllegalStateException(side.name() + " failed", slot.fault);
            }
        }
        long[] latencies =
                slots.stream().flatMapToLong(Slot::latencies).sorted().toArray();
        return new Found(
                latencies.length,
                latencies.length * 1e9 / elapsed,
                at(latencies, 0.5),
                at(latencies, 0.99),
                used / 1e3 / latencies.length);
    }

    private static double at(long[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))] / 1e3;
    }

    /** One call after the other; the answers of a slot come one at a time, whatever their thread. */
    private static final class Slot implements EchoSide.Answer {
        private final EchoSide side;
        private final byte[] payload;
        private final long end;
        private final CountDownLatch running;
        private long[] latencies = new long[256];
        private int count;
        private long started;
        private @Nullable Throwable fault;

        Slot(EchoSide side, byte[] payload, long end, CountDownLatch running) {
            this.side = side;
            this.payload = payload;
            this.end = end;
            this.running = running;
        }

        void next() {
            started = System.nanoTime();
            side.call(payload, this);
        }

        @Override
        public void answered(int length) {
            long now = System.nanoTime();
            if (length != payload.length) {
                failed(new IllegalStateException("an answer of " + length + " bytes for " + payload.length));
                return;
            }
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = now - started;
            if (now >= end) {
                running.countDown();
            } else {
                started = now;
                side.call(payload, this);
            }
        }

        @Override
        public void failed(Throwable why) {
            fault = why;
            running.countDown();
        }

        LongStream latencies() {
            return Arrays.stream(latencies, 0, count);
        }
    }
}
