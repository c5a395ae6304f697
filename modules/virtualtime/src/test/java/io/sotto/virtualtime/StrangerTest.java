package io.sotto.virtualtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** Threads beside the one that lets time pass. */
class StrangerTest {
    @Test
    void theWorkOfAnotherThreadIsDoneAndNamed() throws Exception {
        try (VirtualTime virtual = VirtualTime.create("strangers")) {
            Recorder<String> recorder = virtual.recorder();
            virtual.settle();
            assertThat(virtual.stranger()).isEmpty();
            Thread thread = new Thread(() -> recorder.ref().tell("hello"), "somebody-else");
            thread.start();
            thread.join();
            virtual.settle();
            assertThat(recorder.all()).containsExactly("hello");
            assertThat(virtual.stranger()).startsWith("somebody-else");
        }
    }

    @Test
    void aTimerThatAnotherThreadSetsFallsDueHere() throws Exception {
        try (VirtualTime virtual = VirtualTime.create("strangers")) {
            List<String> threads = new ArrayList<>();
            CompletableFuture.runAsync(
                            () -> virtual.system()
                                    .scheduler()
                                    .scheduleOnce(
                                            Duration.ofSeconds(1),
                                            () -> threads.add(
                                                    Thread.currentThread().getName()),
                                            virtual.system().executionContext()),
                            task -> new Thread(task).start())
                    .join();
            virtual.run(Duration.ofSeconds(2));
            assertThat(threads).containsExactly(Thread.currentThread().getName());
        }
    }

    @Test
    void whoeverRunsASystemNextIsNoStranger() throws Exception {
        VirtualTime virtual = VirtualTime.create("strangers");
        Recorder<String> recorder = virtual.recorder();
        Thread other = new Thread(() -> {
            virtual.settle();
            recorder.ref().tell("hello");
            virtual.close();
        });
        other.start();
        other.join();
        assertThat(recorder.all()).containsExactly("hello");
        assertThat(virtual.stranger()).isEmpty();
    }

    @Test
    void systemsSideBySideDoNotMix() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> runs = new ArrayList<>();
            for (int i = 1; i <= 8; i++) {
                int ticks = i * 100;
                runs.add(() -> ticks(ticks));
            }
            List<Integer> counts = new ArrayList<>();
            for (Future<Integer> run : threads.invokeAll(runs)) {
                counts.add(run.get());
            }
            assertThat(counts).containsExactly(100, 200, 300, 400, 500, 600, 700, 800);
        } finally {
            threads.shutdown();
        }
    }

    private static int ticks(int seconds) {
        try (VirtualTime virtual = VirtualTime.create("beside")) {
            Recorder<String> recorder = virtual.recorder();
            ActorRef<String> to = recorder.ref();
            virtual.spawn(
                    Behaviors.<String>withTimers(timers -> {
                        timers.startTimerWithFixedDelay("tick", Duration.ofSeconds(1));
                        return Behaviors.receiveMessage(tick -> {
                            to.tell(tick);
                            return Behaviors.same();
                        });
                    }),
                    "ticker");
            virtual.run(Duration.ofSeconds(seconds));
            assertThat(virtual.stranger()).isEmpty();
            return recorder.all().size();
        }
    }
}
