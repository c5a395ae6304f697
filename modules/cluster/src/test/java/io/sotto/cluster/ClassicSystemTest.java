package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member inside an application of classic actors. */
class ClassicSystemTest {
    private final ActorSystem system = ActorSystem.create(
            "classic",
            ConfigFactory.parseString(
                            "sotto { node-name = a, bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf }")
                    .withFallback(ConfigFactory.load()));
    private final Sotto sotto = Sotto.get(Adapter.toTyped(system));

    @AfterEach
    void tearDown() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Passes on what it is told. */
    static final class Listener extends AbstractActor {
        private final CompletableFuture<MemberEvent> first;

        Listener(CompletableFuture<MemberEvent> first) {
            this.first = first;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder().match(MemberEvent.class, first::complete).build();
        }
    }

    @Test
    void aClassicActorSubscribes() throws Exception {
        CompletableFuture<MemberEvent> first = new CompletableFuture<>();
        ActorRef listener = system.actorOf(Props.create(Listener.class, () -> new Listener(first)));

        sotto.subscribe(Adapter.toTyped(listener));

        assertThat(first.get(60, TimeUnit.SECONDS).member().name()).isEqualTo("a");
    }

    @Test
    void aClassicSystemRunsItsStreams() throws Exception {
        assertThat(sotto.memberEvents()
                        .runWith(Sink.head(), system)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS)
                        .kind())
                .isEqualTo(MemberEvent.Kind.JOINED);
        assertThat(sotto.started()
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS)
                        .name())
                .isEqualTo("a");
    }
}
