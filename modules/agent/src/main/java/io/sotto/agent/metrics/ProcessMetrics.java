package io.sotto.agent.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sotto.wire.metrics.Metric;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;

/**
 * Reads every {@link AgentMetric} from the JVM's own management interfaces, which are first loaded by the first reading.
 * Any thread.
 */
public final class ProcessMetrics {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long UNKNOWN = -1;

    private ProcessMetrics() {}

    /** The present value of every entry of the catalogue, in its order. */
    public static List<Metric> read() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        MemoryUsage heap = memory.getHeapMemoryUsage();
        var system = ManagementFactory.getOperatingSystemMXBean();
        boolean unix = system instanceof UnixOperatingSystemMXBean;
        return List.of(
                AgentMetric.START_TIME.of(runtime.getStartTime() / MILLIS_PER_SECOND),
                AgentMetric.UPTIME.of(runtime.getUptime() / MILLIS_PER_SECOND),
                AgentMetric.CPU.of(processorNanos() / NANOS_PER_SECOND),
                AgentMetric.HEAP_USED.of(heap.getUsed()),
                AgentMetric.HEAP_COMMITTED.of(heap.getCommitted()),
                AgentMetric.HEAP_MAX.of(heap.getMax()),
                AgentMetric.HEAP_LIVE.of(liveBytes()),
                AgentMetric.NON_HEAP_USED.of(memory.getNonHeapMemoryUsage().getUsed()),
                AgentMetric.DIRECT_USED.of(directBytes()),
                AgentMetric.COLLECTIONS.of(collectors().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum()),
                AgentMetric.COLLECTION_TIME.of(collectors().stream()
                                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                .sum()
                        / MILLIS_PER_SECOND),
                AgentMetric.THREADS.of(ManagementFactory.getThreadMXBean().getThreadCount()),
                AgentMetric.CLASSES.of(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()),
                AgentMetric.DESCRIPTORS.of(
                        unix ? ((UnixOperatingSystemMXBean) system).getOpenFileDescriptorCount() : UNKNOWN),
                AgentMetric.DESCRIPTORS_MAX.of(
                        unix ? ((UnixOperatingSystemMXBean) system).getMaxFileDescriptorCount() : UNKNOWN));
    }

    /** How long the process has run. */
    public static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }

    private static List<GarbageCollectorMXBean> collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans();
    }

    private static long liveBytes() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage afterLast = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            bytes += afterLast == null ? 0 : afterLast.getUsed();
        }
        return bytes;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(pool -> Math.max(0, pool.getMemoryUsed()))
                .sum();
    }
}
