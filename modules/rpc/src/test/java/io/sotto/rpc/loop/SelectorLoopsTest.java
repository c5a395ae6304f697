package io.sotto.rpc.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** Several loops as one executor, and as a dispatcher of actors. */
final class SelectorLoopsTest {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    void aTaskAlwaysRunsOnTheSameThreadAndDifferentOnesOnAll() throws Exception {
        var loops = new SelectorLoops(Thread::new, 4, System::nanoTime, Duration.ZERO);
        int tasks = 200;
        int runs = 50;
        var all = new CountDownLatch(tasks * runs);
        List<Set<Thread>> ranOn = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            Set<Thread> threads = new HashSet<>();
            ranOn.add(threads);
            Runnable task = () -> {
                threads.add(Thread.currentThread());
                all.countDown();
            };
            for (int run = 0; run < runs; run++) {
                loops.execute(task);
            }
        }
        assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Set<Thread> used = new HashSet<>();
        for (Set<Thread> threads : ranOn) {
            assertThat(threads).hasSize(1);
            used.addAll(threads);
        }
        assertThat(used).hasSize(4);
        loops.shutdown();
        assertThat(loops.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(loops.isTerminated()).isTrue();
        assertThatThrownBy(() -> loops.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void thereAreSoManyLoopsForEachProcessorWithinBounds() {
        Config handshakes = ConfigFactory.defaultReference().getConfig("sotto.rpc.handshake-dispatcher");
        assertThat(SelectorLoopsConfigurator.loops(handshakes, 1)).isEqualTo(2);
        assertThat(SelectorLoopsConfigurator.loops(handshakes, 6)).isEqualTo(6);
        assertThat(SelectorLoopsConfigurator.loops(handshakes, 128)).isEqualTo(8);
        Config links = ConfigFactory.defaultReference().getConfig("sotto.rpc.link-dispatcher");
        assertThat(SelectorLoopsConfigurator.loops(links, 1)).isOne();
        assertThat(SelectorLoopsConfigurator.loops(links, 2)).isOne();
        assertThat(SelectorLoopsConfigurator.loops(links, 7)).isEqualTo(4);
        assertThat(SelectorLoopsConfigurator.loops(links, 128)).isEqualTo(8);
    }

    @Test
    void anActorStaysOnOneThreadWhichEndsWithTheSystem() {
        var kit = ActorTestKit.create(
                "loops",
                ConfigFactory.parseString("sotto.rpc.link-dispatcher { loops-min = 3, loops-max = 3 }")
                        .withFallback(ConfigFactory.load()));
        var probe = kit.<Thread>createTestProbe();
        Set<Thread> used = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            ActorRef<String> actor = kit.spawn(
                    Behaviors.<String>receiveMessage(message -> {
                        assertThat(SelectorLoop.current()).isNotNull();
                        probe.ref().tell(Thread.currentThread());
                        return Behaviors.same();
                    }),
                    DispatcherSelector.fromConfig("sotto.rpc.link-dispatcher"));
            Set<Thread> ofActor = new HashSet<>();
            for (int message = 0; message < 20; message++) {
                actor.tell("on which thread?");
                ofActor.add(probe.receiveMessage(Duration.ofSeconds(PATIENCE_SECONDS)));
            }
            assertThat(ofActor).hasSize(1);
            used.addAll(ofActor);
        }
        assertThat(used).hasSize(3).allSatisfy(thread -> {
            assertThat(thread.getName()).startsWith("loops-sotto.rpc.link-dispatcher-");
            assertThat(thread.isDaemon()).isTrue();
        });
        kit.shutdownTestKit();
        assertThat(used).allSatisfy(SelectorLoopsTest::ends);
    }

    @Test
    void boundsThatLeaveNoNumberAreRefused() {
        Config links = ConfigFactory.defaultReference().getConfig("sotto.rpc.link-dispatcher");
        for (String wrong : List.of("loops-min = 0", "loops-min = 9", "loops-max = 0")) {
            assertThatThrownBy(() -> SelectorLoopsConfigurator.loops(
                            ConfigFactory.parseString(wrong).withFallback(links), 2))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not hold");
        }
    }

    private static void ends(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
