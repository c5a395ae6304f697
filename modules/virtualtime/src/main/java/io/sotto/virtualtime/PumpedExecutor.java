package io.sotto.virtualtime;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * The executor of every dispatcher of a {@link VirtualTime}: has no thread, and leaves what it is given to the {@link Pump}.
 *
 * <p>Public because Pekko makes it, by name.
 */
public final class PumpedExecutor extends ExecutorServiceConfigurator {
    private final Pump pump;

    /** Called by Pekko. */
    public PumpedExecutor(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        if (!(prerequisites.scheduler() instanceof VirtualScheduler scheduler)) {
            throw new IllegalArgumentException(PumpedExecutor.class.getName() + " needs "
                    + VirtualScheduler.class.getName() + " as the scheduler");
        }
        pump = scheduler.pump();
        prerequisites.settings().setup().get(VirtualSetup.class).ifPresent(setup -> setup.found(pump));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        Lane lane = pump.laneOf(id);
        return () -> new LaneExecutor(pump, lane);
    }

    @Override
    public String toString() {
        return "PumpedExecutor";
    }

    private static final class LaneExecutor extends AbstractExecutorService {
        private final Pump pump;
        private final Lane lane;
        private volatile boolean isShutdown;

        LaneExecutor(Pump pump, Lane lane) {
            this.pump = pump;
            this.lane = lane;
        }

        @Override
        public void execute(Runnable task) {
            pump.add(lane, task);
        }

        @Override
        public void shutdown() {
            isShutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            isShutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return isShutdown;
        }
    }
}
