package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.LinkEnd;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

/** Answers that are a series, over links that come and go. */
class StreamedCallTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RpcResult WHOLE = new RpcResult.Answered(ScriptedServer.PONG);

    private final PoolWorld world = new PoolWorld().withMembers("web", "m");
    private final List<Integer> pulled = new ArrayList<>();

    /** Parts 0 to 9, and how the call ended once they are taken or nobody takes them. */
    private Source<Octets, CompletionStage<RpcResult>> ten(RpcResult end) {
        CompletableFuture<RpcResult> result = new CompletableFuture<>();
        return Source.range(0, 9)
                .map(i -> {
                    pulled.add(i);
                    return Octets.wrap(new byte[] {i.byteValue()});
                })
                .alsoTo(Sink.<Octets>onComplete(done -> result.complete(end)))
                .mapMaterializedValue((NotUsed none) -> result);
    }

    private Source<Octets, CompletionStage<RpcResult>> call(Duration timeout) {
        return world.calls.streamed(Callee.member("m"), new RpcRequest("App.List", Octets.hex("80"), timeout));
    }

    @Test
    void thePartsComeInOrderAndThenTheEnd() {
        try (world) {
            world.server("m").series = request -> ten(WHOLE);
            Pair<CompletionStage<RpcResult>, CompletionStage<List<Octets>>> run =
                    call(SECOND).toMat(Sink.seq(), Keep.both()).run(world.virtual.system());
            assertThat(world.virtual.await(run.second(), SECOND))
                    .hasSize(10)
                    .first()
                    .isEqualTo(Octets.hex("00"));
            assertThat(world.virtual.await(run.first(), SECOND)).isEqualTo(WHOLE);
        }
    }

    @Test
    void noMoreIsTakenThanIsAskedForAndCancellingEndsTheCall() {
        try (world) {
            world.server("m").series = request -> ten(new RpcResult.Cancelled());
            Pair<CompletionStage<RpcResult>, SinkQueueWithCancel<Octets>> run = call(SECOND)
                    .toMat(Sink.<Octets>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
                    .run(world.virtual.system());
            assertThat(world.virtual.await(run.second().pull(), SECOND)).contains(Octets.hex("00"));
            world.pass(Duration.ofMillis(500));
            assertThat(pulled).hasSizeLessThan(5);

            run.second().cancel();
            world.virtual.settle();
            assertThat(world.virtual.await(run.first(), SECOND)).isEqualTo(new RpcResult.Cancelled());
        }
    }

    @Test
    void aLinkThatTakesNoMoreIsLeftForItsSuccessor() {
        try (world) {
            world.server("m").series = request -> ten(WHOLE);
            world.virtual.await(call(SECOND).runWith(Sink.seq(), world.virtual.system()), SECOND);
            world.server("m").last().goneAway.complete(new LinkEnd(true, "drained"));
            Pair<CompletionStage<RpcResult>, CompletionStage<List<Octets>>> run =
                    call(SECOND).toMat(Sink.seq(), Keep.both()).run(world.virtual.system());
            assertThat(world.virtual.await(run.second(), SECOND)).hasSize(10);
            assertThat(world.virtual.await(run.first(), SECOND)).isEqualTo(WHOLE);
            assertThat(world.server("m").dials).isEqualTo(2);
        }
    }

    @Test
    void whereNoLinkIsToBeHadTheSourceIsEmptyAndTheEndSaysWhy() {
        try (world) {
            world.server("m").down = Optional.of("connection refused");
            Pair<CompletionStage<RpcResult>, CompletionStage<List<Octets>>> run =
                    call(Duration.ofSeconds(30)).toMat(Sink.seq(), Keep.both()).run(world.virtual.system());
            assertThat(world.virtual.await(run.second(), Duration.ofSeconds(9))).isEmpty();
            assertThat(world.virtual.await(run.first(), SECOND))
                    .isEqualTo(new RpcResult.Unreachable("m at m.test:8300: connection refused", false));
        }
    }

    @Test
    void cancellingWhileALinkIsSoughtGivesItUp() {
        try (world) {
            world.server("m").dialTime = Duration.ofSeconds(5);
            Pair<CompletionStage<RpcResult>, SinkQueueWithCancel<Octets>> run = call(Duration.ofSeconds(30))
                    .toMat(Sink.<Octets>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
                    .run(world.virtual.system());
            world.pass(SECOND);
            assertThat(world.state.waiting()).isEqualTo(1);
            run.second().cancel();
            world.pass(SECOND);
            assertThat(world.state.waiting()).isZero();
            assertThat(world.virtual.await(run.first(), SECOND)).isEqualTo(new RpcResult.Cancelled());
        }
    }
}
