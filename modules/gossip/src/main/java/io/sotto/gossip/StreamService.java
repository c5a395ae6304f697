package io.sotto.gossip;

import io.sotto.gossip.stream.StreamHandler;
import io.sotto.gossip.stream.StreamRequest;
import io.sotto.gossip.stream.StreamThreads;
import io.sotto.wire.Octets;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What a pool does with streams: answers pings, passes user messages on, and serves push/pulls.
 *
 * <p>Called on the pool's dispatcher; keeps no state. Source: gossip specification, section 5.2.
 */
final class StreamService implements StreamHandler {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(10);

    private final StreamThreads threads;
    private final String self;
    private final ActorRef<Members.Command> members;
    private final Router router;
    private final Credence credence;

    StreamService(
            StreamThreads threads, String self, ActorRef<Members.Command> members, Router router, Credence credence) {
        this.threads = threads;
        this.self = self;
        this.members = members;
        this.router = router;
        this.credence = credence;
    }

    @Override
    public CompletionStage<Optional<StreamMessage>> handle(StreamRequest request) {
        router.heardStream();
        if (request.message() instanceof StreamMessage.Exchange exchange) {
            return serve(exchange.state(), request);
        }
        if (request.message() instanceof StreamMessage.Swim swim) {
            return CompletableFuture.completedFuture(answer(swim.message(), request));
        }
        throw new IllegalStateException("a stream message that is neither an exchange nor a message");
    }

    private CompletionStage<Optional<StreamMessage>> serve(PushPull remote, StreamRequest request) {
        Members.Standing standing = credence.ofExchange(request.source(), request.sealed(), remote.join());
        return AskPattern.<Members.Command, PushPull>ask(
                        members,
                        replyTo -> new Members.Serve(remote, request.source().getAddress(), standing, replyTo),
                        ANSWER_WAIT,
                        threads.scheduler())
                // Named, because what follows an ask without an executor runs in the JVM's common pool or on a new
                // thread.
                .thenApplyAsync(ours -> Optional.of(new StreamMessage.Exchange(ours)), threads.executor());
    }

    private Optional<StreamMessage> answer(SwimMessage message, StreamRequest request) {
        if (message instanceof SwimMessage.Ping ping) {
            return ping.node().isEmpty() || ping.node().equals(self)
                    ? Optional.of(new StreamMessage.Swim(new SwimMessage.Ack(ping.seqNo(), Octets.empty())))
                    : Optional.empty();
        }
        if (message instanceof SwimMessage.User user) {
            router.routeStreamed(user, request.source(), request.sealed());
        }
        return Optional.empty();
    }
}
