package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RejoinTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final List<String> KNOWN = IntStream.range(0, 20)
            .mapToObj(i -> "m" + i + "/10.0.0.9:" + (i + 1))
            .toList();

    private final PoolCounters counters = new PoolCounters();
    private VirtualSystem virtual;
    private VirtualSystem.Recorder<Sync.Command> sync;
    private Published<MembersView> view;

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
        sync = virtual.recorder();
        view = new Published<>(MembersView.alone(Samples.SELF));
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void itTriesAllThatWereAliveOneAtATimeInRandomOrderAndThenWaits() throws InterruptedException {
        virtual.expectWarning("Failed to re-join any previously known node; trying again in 30 s");
        spawn(1);
        List<String> first = round();
        assertThat(first).containsExactlyInAnyOrderElementsOf(KNOWN).isNotEqualTo(KNOWN);
        assertThat(sync.all()).isEmpty();
        assertThat(counters.rejoins.count(PoolCounters.Rejoined.UNANSWERED)).isEqualTo(20);

        virtual.pass(INTERVAL);
        assertThat(round()).containsExactlyInAnyOrderElementsOf(KNOWN).isNotEqualTo(first);
    }

    @Test
    void itEndsWithTheFirstThatAnswers() throws InterruptedException {
        spawn(1);
        answer(0);
        answer(1);
        virtual.pass(INTERVAL.multipliedBy(3));
        assertThat(sync.all()).isEmpty();
        assertThat(counters.rejoins.count(PoolCounters.Rejoined.ANSWERED)).isEqualTo(1);
    }

    @Test
    void itEndsWhenSomebodyHasComeByMeanwhile() throws InterruptedException {
        virtual.expectWarning("Failed to re-join any previously known node");
        spawn(1);
        round();
        view.set(Samples.view(virtual.<RemoteMember.Command>recorder().ref(), Samples.member("b", 2))
                .get());
        virtual.pass(INTERVAL.multipliedBy(3));
        assertThat(sync.all()).isEmpty();
    }

    private List<String> round() throws InterruptedException {
        List<String> tried = new ArrayList<>();
        while (tried.size() < KNOWN.size()) {
            tried.add(answer(0));
        }
        return tried;
    }

    private String answer(int contacted) throws InterruptedException {
        List<Sync.Command> asked = sync.take();
        assertThat(asked).hasSize(1);
        Sync.Rejoin rejoin = (Sync.Rejoin) asked.get(0);
        virtual.tell(rejoin.replyTo(), new JoinReport(contacted, List.of()));
        return rejoin.address();
    }

    private void spawn(long seed) throws InterruptedException {
        virtual.spawn(Rejoin.create(
                new Rejoin.Links(KNOWN, sync.ref(), view, INTERVAL, new SplittableRandom(seed), counters)));
    }
}
