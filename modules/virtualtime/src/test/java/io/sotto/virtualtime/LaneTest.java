package io.sotto.virtualtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A part of a system that is paused or slowed while the rest goes on. */
class LaneTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime virtual = VirtualTime.create("lanes");
    private final Lane lane = virtual.lane("one");
    private final Recorder<String> seen = virtual.recorder();

    @AfterEach
    void close() {
        virtual.close();
    }

    @Test
    void whatAPausedActorIsToldItHearsWhenItIsResumedInOrder() {
        ActorRef<String> echo = virtual.spawn(echo(), "echo", lane);
        lane.pause();
        List.of("a", "b", "c").forEach(echo::tell);
        virtual.run(SECOND);
        assertThat(seen.all()).isEmpty();
        lane.resume();
        virtual.run(Duration.ZERO);
        assertThat(seen.take()).containsExactly("1: a", "1: b", "1: c");
    }

    @Test
    void childrenBelongToTheLaneOfTheirParent() {
        ActorRef<String> parent = virtual.spawn(
                Behaviors.setup(context -> {
                    ActorRef<String> child = context.spawn(echo(), "child", DispatcherSelector.sameAsParent());
                    return Behaviors.receiveMessage(message -> {
                        child.tell(message);
                        return Behaviors.same();
                    });
                }),
                "parent",
                lane);
        virtual.run(SECOND);
        parent.tell("before");
        virtual.run(SECOND);
        assertThat(seen.take()).containsExactly("1: before");
        lane.pause();
        parent.tell("while");
        virtual.run(SECOND);
        assertThat(seen.take()).isEmpty();
    }

    @Test
    void aRepeatingTimerOfAPausedLaneHasFallenDueOnceWhenItIsResumed() {
        virtual.spawn(ticker(), "ticker", lane);
        virtual.run(SECOND.multipliedBy(2));
        assertThat(seen.take()).containsExactly("1: tick", "2: tick");
        lane.pause();
        virtual.run(Duration.ofMillis(10_500));
        assertThat(seen.take()).isEmpty();
        lane.resume();
        virtual.run(Duration.ofMillis(1_500));
        // One that was late, and the next after a whole interval.
        assertThat(seen.take()).containsExactly("12: tick", "13: tick");
    }

    @Test
    void anotherLaneGoesOnMeanwhile() {
        virtual.spawn(ticker(), "ticker", virtual.lane("two"));
        lane.pause();
        virtual.run(SECOND.multipliedBy(3));
        assertThat(seen.all()).hasSize(3);
    }

    @Test
    void aSlowLaneTakesItsTimeForEachTask() {
        lane.slow(SECOND);
        for (String word : List.of("a", "b", "c")) {
            lane.execute(() -> seen.ref().tell(word + " at " + virtual.now().toSeconds()));
        }
        virtual.run(SECOND.multipliedBy(5));
        assertThat(seen.take()).containsExactly("a at 0", "b at 1", "c at 2");
        lane.slow(Duration.ZERO);
        for (String word : List.of("d", "e")) {
            lane.execute(() -> seen.ref().tell(word + " at " + virtual.now().toSeconds()));
        }
        virtual.run(SECOND);
        assertThat(seen.take()).containsExactly("d at 5", "e at 5");
    }

    @Test
    void aSlowLaneThatIsPausedGoesOnSlowly() {
        lane.slow(SECOND);
        for (String word : List.of("a", "b", "c")) {
            lane.execute(() -> seen.ref().tell(word + " at " + virtual.now().toSeconds()));
        }
        virtual.run(Duration.ofMillis(500));
        lane.pause();
        virtual.run(Duration.ofMillis(9_500));
        lane.resume();
        virtual.run(SECOND.multipliedBy(3));
        assertThat(seen.take()).containsExactly("a at 0", "b at 10", "c at 11");
    }

    @Test
    void aNameIsGivenToOneLane() {
        assertThatThrownBy(() -> virtual.lane("one")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSystemIsClosedWhileALaneIsPaused() {
        virtual.spawn(ticker(), "ticker", lane);
        lane.pause();
        virtual.run(SECOND);
        virtual.close();
        assertThat(virtual.system().whenTerminated().isCompleted()).isTrue();
    }

    private Behavior<String> echo() {
        return Behaviors.receiveMessage(message -> {
            seen.ref().tell(virtual.now().toSeconds() + ": " + message);
            return Behaviors.same();
        });
    }

    private Behavior<String> ticker() {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay("tick", SECOND);
            return echo();
        });
    }
}
