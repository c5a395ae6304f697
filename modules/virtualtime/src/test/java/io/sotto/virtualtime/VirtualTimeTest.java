package io.sotto.virtualtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens in a {@link VirtualTime}: on which thread, when, and in what order. */
class VirtualTimeTest {
    private final VirtualTime virtual = VirtualTime.create("virtual");

    @AfterEach
    void nobodyElseWorked() {
        virtual.close();
        assertThat(virtual.stranger()).isEmpty();
    }

    @Test
    void anHourOfTicksPassesAtOnceOnThisThread() {
        Recorder<String> ticks = virtual.recorder();
        virtual.spawn(ticker("tick", Duration.ofSeconds(1), ticks.ref()), "ticker");
        virtual.run(Duration.ofHours(1));
        assertThat(ticks.all()).hasSize(3_600).allMatch(line -> line.equals("tick on " + thisThread()));
        assertThat(virtual.now()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatIsDueAtOneMomentHappensInTheOrderInWhichItWasAskedFor() {
        List<String> order = new ArrayList<>();
        virtual.after(Duration.ofSeconds(2), () -> order.add("third"));
        virtual.after(Duration.ofSeconds(1), () -> {
            order.add("first");
            virtual.after(Duration.ZERO, () -> order.add("second"));
        });
        virtual.after(Duration.ofSeconds(2), () -> order.add("fourth"));
        virtual.run(Duration.ofSeconds(2));
        assertThat(order).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void timersComeInTheOrderOfTheirTimesHoweverManyThereAre() {
        List<Long> order = new ArrayList<>();
        for (long i = 0; i < 1_000; i++) {
            long millis = (i * 7_919) % 1_000;
            virtual.after(Duration.ofMillis(millis), () -> order.add(millis));
        }
        virtual.run(Duration.ofSeconds(1));
        assertThat(order).hasSize(1_000).isSorted();
    }

    @Test
    void streamsRunHereToo() {
        var sum = Source.range(1, 100).via(threads()).runWith(Sink.seq(), virtual.system());
        assertThat(virtual.await(sum, Duration.ofSeconds(1))).hasSize(100).containsOnly(thisThread());
    }

    @Test
    void blockingDispatchersArePumped() {
        Recorder<String> answers = virtual.recorder();
        virtual.system()
                .systemActorOf(
                        Behaviors.<String>setup(context -> {
                            answers.ref().tell(thisThread());
                            return Behaviors.empty();
                        }),
                        "blocking",
                        DispatcherSelector.blocking());
        virtual.settle();
        assertThat(answers.all()).containsExactly(thisThread());
    }

    @Test
    void asksTimeOutInVirtualTime() {
        ActorRef<ActorRef<String>> silent = virtual.spawn(Behaviors.ignore(), "silent");
        var asked = AskPattern.<ActorRef<String>, String>ask(
                silent,
                replyTo -> replyTo,
                Duration.ofMinutes(10),
                virtual.system().scheduler());
        virtual.run(Duration.ofMinutes(9));
        assertThat(asked.toCompletableFuture()).isNotDone();
        virtual.run(Duration.ofMinutes(1));
        assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void pekkosTestKitSpawnsAndProbes() {
        ActorTestKit kit = virtual.call(() -> ActorTestKit.create(virtual.system()));
        TestProbe<String> probe = virtual.call(() -> kit.createTestProbe());
        virtual.call(() -> kit.spawn(ticker("tick", Duration.ofSeconds(1), probe.ref())));
        virtual.run(Duration.ofSeconds(2));
        assertThat(probe.receiveSeveralMessages(2)).containsOnly("tick on " + thisThread());
        probe.expectNoMessage(Duration.ZERO);
    }

    @Test
    void aConditionIsAwaitedForVirtualTimeOnly() {
        Recorder<String> ticks = virtual.recorder();
        virtual.spawn(ticker("tick", Duration.ofSeconds(1), ticks.ref()), "ticker");
        Duration waited = virtual.runUntil("seven ticks", () -> ticks.all().size() == 7, Duration.ofMinutes(1));
        assertThat(waited).isEqualTo(Duration.ofSeconds(7));
        assertThatThrownBy(() -> virtual.runUntil("a miracle", () -> false, Duration.ofMinutes(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a miracle");
    }

    @Test
    void noActorLetsTimePass() {
        List<Throwable> failures = new ArrayList<>();
        virtual.after(Duration.ofSeconds(1), () -> {
            try {
                virtual.run(Duration.ofSeconds(1));
            } catch (IllegalStateException e) {
                failures.add(e);
            }
        });
        virtual.run(Duration.ofSeconds(5));
        assertThat(failures).hasSize(1);
    }

    @Test
    void aListenerSeesEachMomentWhenItsWorkIsDone() {
        Recorder<String> ticks = virtual.recorder();
        virtual.spawn(ticker("tick", Duration.ofSeconds(1), ticks.ref()), "ticker");
        List<String> seen = new ArrayList<>();
        virtual.onMoment(
                () -> seen.add(virtual.now().toSeconds() + ":" + ticks.all().size()));
        virtual.run(Duration.ofSeconds(3));
        assertThat(seen).containsExactly("0:0", "1:1", "2:2", "3:3");
    }

    private static Behavior<String> ticker(String word, Duration interval, ActorRef<String> to) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay("tick", interval);
            return Behaviors.receiveMessage(tick -> {
                to.tell(word + " on " + thisThread());
                return Behaviors.same();
            });
        });
    }

    private static Flow<Integer, String, NotUsed> threads() {
        return Flow.<Integer>create().map(number -> thisThread()).async();
    }

    private static String thisThread() {
        return Thread.currentThread().getName();
    }
}
