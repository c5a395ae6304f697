package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The last words of docs/internals/supervision.md: a fault on an accepted connection ends that one, and neither the others nor the
 * port; and the places of those that ended are free again.
 */
final class ListenerFaultsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int PATIENCE_SECONDS = 60;
    private static final Octets BODY = Octets.hex("80");
    /** More than there are places. */
    private static final int FAULTS = 150;

    private final LinkCounters counters = new LinkCounters();
    private final AtomicInteger faultsOfAccepting = new AtomicInteger();
    private final AtomicInteger faultsOfCalls = new AtomicInteger();
    private final Endpoints endpoints = Endpoints.none()
            .with(
                    "T.Echo",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with("T.Throws", PeerRole.UNPROVEN, call -> {
                throw new IllegalStateException("made to fail");
            });

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    @Test
    void aFaultEndsTheOneConnectionOnWhichItHappened() throws Exception {
        RpcListener listener = listen();
        RpcLink other = dial(listener);
        assertThat(call(other, "T.Echo")).isEqualTo(new RpcResult.Answered(BODY));
        for (int i = 0; i < FAULTS; i++) {
            RpcLink link = dial(listener);
            assertThat(call(link, "T.Echo")).as("call %d", i).isEqualTo(new RpcResult.Answered(BODY));
            faultsOfCalls.set(1);
            assertThat(call(link, "T.Echo")).as("the call it happened on").isInstanceOf(RpcResult.Unreachable.class);
            assertThat(faultsOfCalls).hasValue(0);
            link.ended().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(call(other, "T.Echo")).isEqualTo(new RpcResult.Answered(BODY));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (counters.open() != 1 && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertThat(counters.open()).as("places taken").isOne();
    }

    @Test
    void aFaultInAcceptingCostsThatConnectionAlone() throws Exception {
        RpcListener listener = listen();
        for (int i = 0; i < FAULTS; i++) {
            faultsOfAccepting.set(1);
            DialResult refused = Dialer.create(KIT.system(), LinkSettings.defaults(), TlsSnapshot::none, counters)
                    .dial(listener.address(), Optional.empty(), PeerRole.UNPROVEN, false, "dc1")
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(refused).isInstanceOf(DialResult.NotLinked.class);
            assertThat(faultsOfAccepting).hasValue(0);
        }
        assertThat(call(dial(listener), "T.Echo")).isEqualTo(new RpcResult.Answered(BODY));
    }

    @Test
    void aFaultOfWhoAnswersIsAnAnswer() throws Exception {
        RpcLink link = dial(listen());
        assertThat(call(link, "T.Throws")).isInstanceOf(RpcResult.Failed.class);
        assertThat(call(link, "T.Echo")).isEqualTo(new RpcResult.Answered(BODY));
    }

    private RpcListener listen() throws Exception {
        return RpcListener.bind(
                        KIT.system(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        LinkSettings.defaults(),
                        () -> {
                            fail(faultsOfAccepting);
                            return TlsSnapshot.none();
                        },
                        () -> {
                            fail(faultsOfCalls);
                            return endpoints;
                        },
                        counters)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void fail(AtomicInteger left) {
        if (left.getAndUpdate(count -> Math.max(count - 1, 0)) > 0) {
            throw new IllegalStateException("made to fail");
        }
    }

    private RpcLink dial(RpcListener listener) throws Exception {
        DialResult result = Dialer.create(KIT.system(), LinkSettings.defaults(), TlsSnapshot::none, counters)
                .dial(listener.address(), Optional.empty(), PeerRole.UNPROVEN, false, "dc1")
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(DialResult.Linked.class);
        return ((DialResult.Linked) result).link();
    }

    private static RpcResult call(RpcLink link, String method) throws Exception {
        return link.call(new RpcRequest(method, BODY, Duration.ofSeconds(PATIENCE_SECONDS)))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
