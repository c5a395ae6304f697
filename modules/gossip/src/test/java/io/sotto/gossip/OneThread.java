package io.sotto.gossip;

import com.typesafe.config.Config;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * One thread for every dispatcher of a test's actor system, which knows when there is nothing left to do. With time moved
 * by hand, "nothing left to do" is the end of all that follows from what a test did: no test waits by the clock.
 *
 * <p>Named in the configuration of {@link VirtualSystem}; Pekko makes one per dispatcher, and all share the thread.
 */
public final class OneThread extends ExecutorServiceConfigurator {
    private static final Worker WORKER = Worker.start();

    public OneThread(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return OneThread::executor;
    }

    /** Returns once the thread has nothing to do. */
    static void awaitIdle() throws InterruptedException {
        WORKER.awaitIdle();
    }

    private static ExecutorService executor() {
        return new AbstractExecutorService() {
            private volatile boolean isShutdown;

            @Override
            public void execute(Runnable task) {
                WORKER.add(task);
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
        };
    }

    private static final class Worker {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private boolean isBusy;

        static Worker start() {
            Worker worker = new Worker();
            Thread thread = new Thread(worker::work, "one-thread");
            thread.setDaemon(true);
            thread.start();
            return worker;
        }

        synchronized void add(Runnable task) {
            tasks.add(task);
            notifyAll();
        }

        synchronized void awaitIdle() throws InterruptedException {
            while (isBusy || !tasks.isEmpty()) {
                wait();
            }
        }

        private synchronized Runnable next() throws InterruptedException {
            isBusy = false;
            while (tasks.isEmpty()) {
                notifyAll();
                wait();
            }
            isBusy = true;
            return tasks.remove();
        }

        private void work() {
            try {
                while (true) {
                    next().run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
