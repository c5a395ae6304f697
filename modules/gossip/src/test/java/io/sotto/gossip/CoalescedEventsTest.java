package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.event.UserEvent;
import io.sotto.wire.Octets;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application hears that wants to hear less. */
class CoalescedEventsTest {
    private SerfPools serf;

    @BeforeEach
    void setUp() {
        serf = new SerfPools();
    }

    @AfterEach
    void tearDown() {
        serf.close();
    }

    @Test
    void ofManyEventsOfOneNameTheLatestIsToldWhenItIsQuiet() {
        Node a = serf.pools.start("a");
        VirtualSystem.Recorder<UserEvent> told = serf.pools.virtual.recorder();
        serf.pools.virtual.spawn(CoalescedEvents.ofUserEvents(
                a.pool(), told.ref(), CoalescedEvents.PERIOD, CoalescedEvents.QUIET, serf.pools.virtual.time()));

        for (int i = 1; i <= 5; i++) {
            send(a, "deploy", true);
            serf.pools.virtual.pass(Duration.ofMillis(100));
        }
        send(a, "at once", false);
        assertThat(told.take()).extracting(UserEvent::name).containsExactly("at once");
        serf.pools.virtual.pass(Duration.ofSeconds(1));
        assertThat(told.take()).containsExactly(new UserEvent(5, "deploy", Octets.empty(), true));
        send(a, "deploy", true);
        serf.pools.virtual.pass(Duration.ofSeconds(5));

        assertThat(told.all()).hasSize(1);
    }

    @Test
    void membersThatCameBeforeAndNowAreToldTogetherAndItEndsWithItsTarget() {
        Node a = serf.formed("a", "b").get(0);
        VirtualSystem.Recorder<MemberEvent> told = serf.pools.virtual.recorder();
        ActorRef<CoalescedEvents.Command> between = serf.pools.virtual.spawn(CoalescedEvents.ofMembers(
                a.pool(), told.ref(), CoalescedEvents.PERIOD, CoalescedEvents.QUIET, serf.pools.virtual.time()));
        VirtualSystem.Recorder<String> ends = serf.pools.virtual.recorder();
        serf.pools.virtual.spawn(watching(between, ends.ref()));

        serf.pools.join(serf.pools.start("c"), a.target());
        assertThat(told.all()).isEmpty();
        serf.pools.virtual.pass(Duration.ofSeconds(3));

        assertThat(told.all())
                .extracting(event -> event.kind() + " " + event.member().name())
                .containsExactlyInAnyOrder("JOINED a", "JOINED b", "JOINED c");
        serf.pools.virtual.stop(told.ref());
        assertThat(ends.all()).containsExactly("ended");
    }

    private static Behavior<String> watching(ActorRef<?> watched, ActorRef<String> replyTo) {
        return Behaviors.setup(context -> {
            context.watchWith(watched, "ended");
            return Behaviors.receiveMessage(ended -> {
                replyTo.tell(ended);
                return Behaviors.same();
            });
        });
    }

    private void send(Node from, String name, boolean coalesce) {
        serf.pools.virtual.tell(
                from.pool(),
                new GossipPool.Broadcast(
                        name,
                        Octets.empty(),
                        coalesce,
                        serf.pools.virtual.<Broadcasted>recorder().ref()));
    }
}
