package io.sotto.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The dialogue of a process that is flooded: it prints its port, and then for each line that it reads how many members it
 * knows, and what it has handled and used so far.
 */
final class FloodReceiver {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Map<Long, Long> allocated = new HashMap<>();
    private final LongSupplier known;
    private final LongSupplier handled;
    private final LongSupplier read;

    /**
     * @param known members that it has learnt of
     * @param handled datagrams that were taken to their end
     * @param read datagrams that were taken from the socket
     */
    FloodReceiver(LongSupplier known, LongSupplier handled, LongSupplier read) {
        this.known = known;
        this.handled = handled;
        this.read = read;
    }

    /** Answers until the input ends. */
    void answer(int port) throws Exception {
        System.out.println("port " + port);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (orders.readLine() != null) {
            System.out.println(known.getAsLong() + " " + handled.getAsLong() + " " + read.getAsLong() + " "
                    + SYSTEM.getProcessCpuTime() + " " + allocatedBytes() + " " + System.nanoTime());
        }
    }

    /** What all threads have allocated, those included that have ended. */
    private long allocatedBytes() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] > 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated.values().stream().mapToLong(Long::longValue).sum();
    }
}
