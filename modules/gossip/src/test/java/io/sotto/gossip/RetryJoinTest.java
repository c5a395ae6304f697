package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryJoinTest {
    private static final List<String> SEEDS = List.of("10.0.0.2", "seed.example");
    private static final JoinReport NOBODY = new JoinReport(0, List.of());

    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Sync.Command> sync;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        sync = virtual.recorder();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void itWaitsOneTwoFourSecondsAndThenTheIntervalBetweenRounds() throws InterruptedException {
        virtual.expectWarning("Join cluster failed, will retry: cluster=LAN retry_interval=4s");
        virtual.expectWarning("Join cluster failed, will retry: cluster=LAN");
        spawn(Duration.ofSeconds(5), 0);
        List<Duration> waits = new ArrayList<>();

        for (int round = 0; round < 5; round++) {
            answer(NOBODY);
            waits.add(virtual.passUntil("a further round", () -> !sync.all().isEmpty(), Duration.ofMinutes(1)));
        }

        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 5L, 5L);
    }

    @Test
    void itEndsWhenSomebodyAnswers() throws InterruptedException {
        spawn(Duration.ofSeconds(5), 0);

        answer(new JoinReport(1, List.of(new JoinReport.Failure("seed.example", "lookup"))));
        virtual.pass(Duration.ofMinutes(1));

        assertThat(sync.all()).isEmpty();
    }

    @Test
    void itGivesUpAfterAsManyRoundsAsItMayTry() throws InterruptedException {
        virtual.expectWarning("Join cluster failed, will retry: cluster=LAN retry_interval=1s");
        virtual.expectWarning("max join retry exhausted: cluster=LAN rounds=2");
        spawn(Duration.ofSeconds(5), 2);

        answer(NOBODY);
        virtual.pass(Duration.ofSeconds(1));
        answer(NOBODY);
        virtual.pass(Duration.ofMinutes(1));

        assertThat(sync.all()).isEmpty();
    }

    @Test
    void aRoundWithoutAnAnswerIsARoundThatFailed() throws InterruptedException {
        virtual.expectWarning("Join cluster failed, will retry: cluster=LAN retry_interval=1s");
        virtual.expectWarning("max join retry exhausted: cluster=LAN rounds=2");
        spawn(Duration.ofSeconds(5), 2);
        sync.take();

        virtual.passUntil("a further round", () -> !sync.all().isEmpty(), Duration.ofMinutes(4));
        sync.take();
        virtual.pass(Duration.ofMinutes(10));

        assertThat(sync.all()).isEmpty();
    }

    private void spawn(Duration interval, int maxRounds) throws InterruptedException {
        virtual.spawn(RetryJoin.create(sync.ref(), "LAN", SEEDS, interval, maxRounds));
    }

    private void answer(JoinReport report) throws InterruptedException {
        Sync.Join join = (Sync.Join) sync.take().get(0);
        assertThat(join.addresses()).isEqualTo(SEEDS);
        virtual.tell(join.replyTo(), report);
    }
}
