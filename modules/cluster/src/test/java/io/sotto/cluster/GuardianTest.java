package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class GuardianTest {
    @Test
    void questionsThatNobodyAnswersEndWithTheActorSystem() throws Exception {
        ActorTestKit kit = ActorTestKit.create("guardian-test", ConfigFactory.load());
        ActorRef<GossipPool.Command> silent = kit.spawn(Behaviors.ignore());
        Guardian guardian = new Guardian(kit.system(), silent);
        List<CompletableFuture<GossipPool.Left>> questions = IntStream.range(0, 20)
                .mapToObj(i ->
                        guardian.<GossipPool.Left>ask(GossipPool.Leave::new).toCompletableFuture())
                .toList();
        assertThat(questions).noneMatch(CompletableFuture::isDone);

        kit.shutdownTestKit();

        for (CompletableFuture<GossipPool.Left> question : questions) {
            assertThat(question.handle((left, failure) -> failure != null).get(30, TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}
