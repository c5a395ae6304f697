package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Dialler and listener over loopback sockets. */
final class LinkCallTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Octets BODY = new MsgpackWriter(16).text("hello").toOctets();

    private final LinkCounters counters = new LinkCounters();
    private final Endpoints endpoints = Endpoints.none()
            .with(
                    "Test.Echo",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with(
                    "Test.Fail",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Fault("no luck")))
            .with(
                    "Test.Secret",
                    PeerRole.SERVER,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with(
                    "Test.Count",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Streamed(
                            Source.range(1, 1000)
                                    .map(i -> new MsgpackWriter(8).unsigned(i).toOctets()),
                            Throwable::getMessage)));

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    @Test
    void callsAreAnsweredInPlaintext() throws Exception {
        assertAllKindsOfCalls(link(TlsSnapshot.none(), TlsSnapshot.none()), false);
    }

    @Test
    void callsAreAnsweredOverMutualTls() throws Exception {
        var tls = new TestTls();
        assertAllKindsOfCalls(link(tls.server(1, TestTls::verified), tls.client(1, TestTls::verified)), true);
    }

    private void assertAllKindsOfCalls(RpcLink link, boolean byTls) throws Exception {
        assertThat(link.isTls()).isEqualTo(byTls);
        assertThat(link.peer().role()).isEqualTo(byTls ? PeerRole.SERVER : PeerRole.UNPROVEN);
        assertThat(call(link, "Test.Echo", BODY)).isEqualTo(new RpcResult.Answered(BODY));
        assertThat(call(link, "Test.Fail", BODY)).isEqualTo(new RpcResult.Failed("no luck"));
        assertThat(call(link, "Foo.Bar", BODY)).isEqualTo(new RpcResult.Failed("rpc: can't find service Foo.Bar"));
        assertThat(call(link, "Test.Secret", BODY))
                .isEqualTo(
                        byTls
                                ? new RpcResult.Failed(
                                        "Permission denied: Test.Secret needs the certificate of a server")
                                : new RpcResult.Answered(BODY));
        Octets big = new MsgpackWriter(16).bytes(Octets.wrap(new byte[3 << 20])).toOctets();
        assertThat(call(link, "Test.Echo", big)).isEqualTo(new RpcResult.Answered(big));
        List<CompletableFuture<RpcResult>> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(link.call(new RpcRequest("Test.Echo", BODY, PATIENCE)));
        }
        for (var one : many) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(new RpcResult.Answered(BODY));
        }
        var series = link.streamed(new RpcRequest("Test.Count", BODY, PATIENCE))
                .toMat(Sink.seq(), org.apache.pekko.stream.javadsl.Keep.both())
                .run(KIT.system());
        assertThat(series.second().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasSize(1000);
        assertThat(series.first().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(RpcResult.Answered.class);
        link.drain();
        assertThat(link.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).orderly())
                .isTrue();
        assertThat(link.inFlight()).isZero();
    }

    private static RpcResult call(RpcLink link, String method, Octets body) throws Exception {
        return link.call(new RpcRequest(method, body, PATIENCE)).get(30, TimeUnit.SECONDS);
    }

    private RpcLink link(TlsSnapshot served, TlsSnapshot dialled) throws Exception {
        var listener = RpcListener.bind(
                        KIT.system(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        LinkSettings.defaults(),
                        () -> served,
                        () -> endpoints,
                        counters)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        DialResult result = Dialer.create(KIT.system(), LinkSettings.defaults(), () -> dialled, counters)
                .dial(listener.address(), Optional.empty(), PeerRole.SERVER, false)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(DialResult.Linked.class);
        return ((DialResult.Linked) result).link();
    }
}
