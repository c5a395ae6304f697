package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actors that fail under each supervision, and what is counted of it. */
class SupervisionTest {
    private static final ActorKind KIND = ActorKind.SYNC;

    private final Supervision supervision = new Supervision();
    private final List<String> starts = new ArrayList<>();
    private VirtualSystem virtual;

    private enum Order {
        WORK,
        FAIL,
        END
    }

    @BeforeEach
    void setUp() throws InterruptedException {
        virtual = new VirtualSystem();
    }

    @AfterEach
    void tearDown() {
        virtual.close();
    }

    @Test
    void anActorThatWorksAndEndsLeavesNoFailure() throws InterruptedException {
        ActorRef<Order> actor = spawn(behavior -> supervision.resume(KIND, Order.class, behavior));
        virtual.tell(actor, Order.WORK);
        expect(1, 0, 0, 0);

        virtual.tell(actor, Order.END);

        expect(0, 0, 0, 0);
    }

    @Test
    void aFailureUnderResumeIsCountedAndTheActorLivesOn() throws InterruptedException {
        virtual.expectWarning("told to fail");
        ActorRef<Order> actor = spawn(behavior -> supervision.resume(KIND, Order.class, behavior));

        virtual.tell(actor, Order.FAIL);
        virtual.tell(actor, Order.FAIL);

        expect(1, 0, 2, 0);
        assertThat(starts).hasSize(1);
    }

    @Test
    void aFailureUnderRestartIsCountedAndOneActorLives() throws InterruptedException {
        virtual.expectWarning("told to fail");
        ActorRef<Order> actor = spawn(behavior -> supervision.restart(KIND, Order.class, behavior));

        virtual.tell(actor, Order.FAIL);
        virtual.tell(actor, Order.WORK);

        expect(1, 1, 0, 0);
        assertThat(starts).hasSize(2);
    }

    @Test
    void anActorThatWaitsForItsRestartDoesNotCountAsLiving() throws InterruptedException {
        virtual.expectWarning("told to fail");
        ActorRef<Order> actor = spawn(behavior -> supervision.restartPatiently(
                KIND, Order.class, behavior, Duration.ofSeconds(1), Duration.ofSeconds(2)));

        virtual.tell(actor, Order.FAIL);
        expect(0, 1, 0, 0);

        virtual.pass(Duration.ofSeconds(2));
        expect(1, 1, 0, 0);
    }

    @Test
    void aFailureThatEndsTheActorIsCountedAndItLivesNoMore() throws InterruptedException {
        ActorRef<Order> actor = spawn(behavior -> supervision.stop(KIND, Order.class, behavior));

        virtual.tell(actor, Order.FAIL);

        expect(0, 0, 0, 1);
    }

    @Test
    void anActorThatFailsToBeginIsCountedAndNeverLived() throws InterruptedException {
        virtual.expectWarning("cannot begin");
        Behavior<Order> unfit = Behaviors.setup(context -> {
            context.setLoggerName(Supervision.class);
            throw new IllegalStateException("cannot begin");
        });

        virtual.spawn(supervision.resume(KIND, Order.class, unfit));

        expect(0, 0, 0, 1);
    }

    @Test
    void anActorThatIsStoppedFromOutsideLivesNoMoreAndDidNotFail() throws InterruptedException {
        ActorRef<Order> actor = spawn(behavior -> supervision.restart(KIND, Order.class, behavior));
        expect(1, 0, 0, 0);

        virtual.stop(actor);

        expect(0, 0, 0, 0);
    }

    @Test
    void kindsAreCountedApart() throws InterruptedException {
        virtual.expectWarning("told to fail");
        ActorRef<Order> actor = spawn(behavior -> supervision.restart(ActorKind.TRANSPORT, Order.class, behavior));

        virtual.tell(actor, Order.FAIL);

        expect(0, 0, 0, 0);
        assertThat(supervision.live(ActorKind.TRANSPORT)).isEqualTo(1);
        assertThat(supervision.failures(ActorKind.TRANSPORT, Supervision.Aftermath.RESTARTED))
                .isEqualTo(1);
    }

    private ActorRef<Order> spawn(UnaryOperator<Behavior<Order>> supervised) throws InterruptedException {
        return virtual.spawn(supervised.apply(Behaviors.setup(context -> {
            context.setLoggerName(Supervision.class);
            starts.add(context.getSelf().path().name());
            return Behaviors.receiveMessage(order -> switch (order) {
                case WORK -> Behaviors.same();
                case FAIL -> throw new IllegalStateException("told to fail");
                case END -> Behaviors.stopped();
            });
        })));
    }

    private void expect(long live, long restarted, long resumed, long stopped) {
        assertThat(supervision.live(KIND)).as("live").isEqualTo(live);
        assertThat(supervision.failures(KIND, Supervision.Aftermath.RESTARTED))
                .as("restarted")
                .isEqualTo(restarted);
        assertThat(supervision.failures(KIND, Supervision.Aftermath.RESUMED))
                .as("resumed")
                .isEqualTo(resumed);
        assertThat(supervision.failures(KIND, Supervision.Aftermath.STOPPED))
                .as("stopped")
                .isEqualTo(stopped);
    }
}
