package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.Reason;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Cancellation;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How dials and calls begin and end, between our two ends in virtual time. */
final class DialledLinkTest {
    private static final Octets EMPTY_MAP = Octets.hex("80");
    private static final Duration INSTANT = Duration.ofMillis(1);

    private final List<Cancellation> cancellations = new ArrayList<>();
    private final List<CompletableFuture<RpcAnswer>> open = new ArrayList<>();
    private final Endpoints endpoints = Endpoints.none()
            .with(
                    "T.Echo",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with(
                    "T.Server",
                    PeerRole.SERVER,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with("T.Wait", PeerRole.UNPROVEN, call -> {
                cancellations.add(call.cancelled());
                var answer = new CompletableFuture<RpcAnswer>();
                open.add(answer);
                return answer;
            });

    @Test
    void aCallEndsAtItsDeadlineAndThePeerIsTold() {
        var pair = plain();
        var call = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(3)));
        var later = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.exchange();
        pair.pass(Duration.ofSeconds(3).minus(INSTANT));
        assertThat(call).isNotDone();
        pair.pass(INSTANT);
        assertThat(call).isCompletedWithValue(new RpcResult.TimedOut(Duration.ofSeconds(3)));
        assertThat(cancellations.get(0).isCancelled()).isTrue();
        assertThat(cancellations.get(1).isCancelled()).isFalse();
        assertThat(later).isNotDone();
        assertThat(pair.link.inFlight()).isOne();
        pair.pass(Duration.ofSeconds(6));
        assertThat(later).isDone();
    }

    @Test
    void aCancelledCallEndsAtOnceAndThePeerIsTold() {
        var pair = plain();
        var call = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(3)));
        pair.exchange();
        assertThat(call.cancel(true)).isTrue();
        assertThat(call).isCompletedWithValue(new RpcResult.Cancelled());
        pair.exchange();
        assertThat(cancellations.get(0).isCancelled()).isTrue();
        assertThat(pair.link.inFlight()).isZero();
        assertThat(echo(pair)).isEqualTo(new RpcResult.Answered(EMPTY_MAP));
    }

    @Test
    void aCallThatIsCancelledBeforeItIsSentNeverReachesThePeer() {
        var pair = plain();
        var call = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(3)));
        call.cancel(true);
        pair.exchange();
        assertThat(open).isEmpty();
        assertThat(pair.link.inFlight()).isZero();
    }

    @Test
    void callsBeyondTheMaximumAreRefusedAsOverloadAndTheirPlacesComeBack() {
        var pair = plain();
        List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            calls.add(pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9))));
        }
        assertThat(pair.link.call(new RpcRequest("T.Echo", EMPTY_MAP, Duration.ofSeconds(9))))
                .isCompletedWithValue(new RpcResult.Overloaded("sotto.rpc.max-calls-in-flight"));
        pair.exchange();
        assertThat(open).as("as many as the peer takes notice of, and it does").hasSize(1_024);
        open.forEach(answer -> answer.complete(new RpcAnswer.Fault("over")));
        pair.exchange();
        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(echo(pair)).isEqualTo(new RpcResult.Answered(EMPTY_MAP));
    }

    @Test
    void streamsAreUsedAgainAfterASuccessAndClosedAfterAnError() {
        var pair = plain();
        for (int i = 0; i < 50; i++) {
            echo(pair);
        }
        var first = pair.link.make(new RpcRequest("T.Echo", EMPTY_MAP, Duration.ofSeconds(9)), null);
        pair.exchange();
        assertThat(first.stream).isOne();
        var failing = pair.link.make(new RpcRequest("No.Such", EMPTY_MAP, Duration.ofSeconds(9)), null);
        pair.exchange();
        assertThat(failing.stream).isOne();
        assertThat(failing).isCompletedWithValue(new RpcResult.Failed("rpc: can't find service No.Such"));
        var next = pair.link.make(new RpcRequest("T.Echo", EMPTY_MAP, Duration.ofSeconds(9)), null);
        pair.exchange();
        assertThat(next.stream).isEqualTo(3);
        assertThat(next).isCompletedWithValue(new RpcResult.Answered(EMPTY_MAP));
    }

    @Test
    void whatWasSentMayHaveRunWhenTheConnectionEndsAndWhatWasNotMayNot() {
        var pair = plain();
        var sent = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.exchange();
        var unsent = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.dialled.lost("connection reset by peer");
        assertThat(sent).isCompletedWithValue(new RpcResult.Unreachable("connection reset by peer", true));
        assertThat(unsent).isCompletedWithValue(new RpcResult.Unreachable("connection reset by peer", false));
        assertThat(pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9))))
                .isCompletedWithValue(new RpcResult.Unreachable("connection reset by peer", false));
        assertThat(pair.link.ended().toCompletableFuture())
                .isCompletedWithValue(new LinkEnd(false, "connection reset by peer"));
        assertThat(pair.link.inFlight()).isZero();
        assertThat(pair.counters.linked()).isZero();
    }

    @Test
    void aPeerThatDrainsGetsNoFurtherCallAndAnswersThoseUnderWay() {
        var pair = plain();
        echo(pair);
        var underWay = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.exchange();
        pair.accepted.place.offer(ServingOrder.Drain.DRAIN);
        pair.exchange();
        assertThat(pair.link.goneAway().toCompletableFuture()).isDone();
        assertThat(pair.link.ended().toCompletableFuture()).isNotDone();
        assertThat(pair.link
                        .call(new RpcRequest("T.Echo", EMPTY_MAP, Duration.ofSeconds(9)))
                        .join())
                .isInstanceOfSatisfying(
                        RpcResult.Unreachable.class,
                        end -> assertThat(end.mayHaveRun()).isFalse());
        open.get(0).complete(new RpcAnswer.Reply(EMPTY_MAP));
        pair.exchange();
        assertThat(underWay).isCompletedWithValue(new RpcResult.Answered(EMPTY_MAP));
        assertThat(pair.dialled.isFinished()).isTrue();
        assertThat(pair.accepted.isOpen()).isFalse();
        pair.dialled.lost("closed");
        assertThat(pair.link.ended().toCompletableFuture().join().orderly()).isTrue();
    }

    @Test
    void aDrainCutsOffWhatDoesNotEndInTime() {
        var pair = plain();
        var call = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofMinutes(9)));
        pair.exchange();
        pair.link.drain();
        pair.exchange();
        pair.pass(Duration.ofSeconds(10).minus(INSTANT));
        assertThat(call).isNotDone();
        pair.pass(INSTANT);
        assertThat(call.join())
                .isInstanceOfSatisfying(
                        RpcResult.Unreachable.class,
                        end -> assertThat(end.mayHaveRun()).isTrue());
    }

    @Test
    void aPeerThatIsSilentlyGoneIsNoticedByItsKeepalive() {
        var pair = plain();
        pair.pass(Duration.ofMinutes(5));
        assertThat(pair.link.goneAway().toCompletableFuture()).isNotDone();
        pair.isCut = true;
        pair.pass(Duration.ofSeconds(45));
        assertThat(pair.link.goneAway().toCompletableFuture().join().reason()).contains("keepalive timeout");
    }

    @Test
    void aDialWithoutAnAnswerFailsAfterTheHandshakeTimeout() {
        var pair =
                new LinkPair(LinkSettings.defaults(), TlsSnapshot.none(), TlsSnapshot.none(), false, endpoints, true);
        pair.pass(Duration.ofSeconds(5).minus(INSTANT));
        assertThat(pair.failure).isNull();
        pair.pass(INSTANT);
        assertThat(pair.failure).isEqualTo("i/o timeout");
        assertThat(pair.isConfirmed).isFalse();
        assertThat(pair.counters.refused(LinkRefusal.HANDSHAKE_TIMEOUT)).isOne();
    }

    @Test
    void aPlainDialOfWhoVerifiesFailsAndCallsNothing() throws Exception {
        var pair = new LinkPair(
                LinkSettings.defaults(),
                new TestTls().server(1, TestTls::verified),
                TlsSnapshot.none(),
                false,
                endpoints);
        assertThat(pair.isConfirmed).isFalse();
        assertThat(pair.failure).isEqualTo("EOF");
        assertThat(pair.refusedByPeer).isTrue();
    }

    @Test
    void aTlsDialOfWhoHasNoCertificateFailsInTheWordsOfARealAgent() throws Exception {
        var pair = new LinkPair(
                LinkSettings.defaults(),
                TlsSnapshot.none(),
                new TestTls().client(1, TestTls::verified),
                true,
                endpoints);
        assertThat(pair.isConfirmed).isFalse();
        assertThat(pair.failure).isEqualTo("remote error: tls: unrecognized name");
        assertThat(pair.refused.orElseThrow().reason()).isEqualTo(Reason.NO_TLS);
        assertThat(pair.refusedByPeer).isTrue();
    }

    @Test
    void aDialWithoutACertificateOfWhoAsksForOneFailsTheDialAndNoCall() throws Exception {
        for (String version : List.of("tls12", "tls13")) {
            var tls = new TestTls();
            var pair = new LinkPair(
                    LinkSettings.defaults(),
                    tls.server(1, b -> TestTls.verified(b).minVersion(version)),
                    tls.onlyTrust(b -> b.verifyOutgoing(true).minVersion(version)),
                    true,
                    endpoints);
            assertThat(pair.isConfirmed).isFalse();
            assertThat(pair.failure).isEqualTo("remote error: tls: bad certificate");
            assertThat(pair.accepted.counters.refused(LinkRefusal.TLS)).isOne();
        }
    }

    @Test
    void anotherAuthorityIsRefusedByTheDiallerWithItsReason() throws Exception {
        var pair = new LinkPair(
                LinkSettings.defaults(),
                new TestTls().server(1, TestTls::verified),
                new TestTls().client(1, TestTls::verified),
                true,
                endpoints);
        assertThat(pair.isConfirmed).isFalse();
        assertThat(pair.refused.orElseThrow().reason()).isEqualTo(Reason.UNKNOWN_AUTHORITY);
        assertThat(pair.failure).isEqualTo("x509: certificate signed by unknown authority");
        assertThat(pair.refusedByPeer).isFalse();
        assertThat(pair.accepted.counters.refused(LinkRefusal.TLS)).isOne();
    }

    @Test
    void aClientsCertificateIsNoServersAndGetsNoCallOfAServersMethod() throws Exception {
        var tls = new TestTls();
        var asServer = new LinkPair(
                LinkSettings.defaults(),
                tls.client(1, TestTls::verified),
                tls.client(1, TestTls::verified),
                true,
                endpoints);
        assertThat(asServer.isConfirmed).isFalse();
        assertThat(asServer.refused.orElseThrow().reason()).isEqualTo(Reason.WRONG_NAME);

        var asClient = new LinkPair(
                LinkSettings.defaults(),
                tls.server(1, TestTls::verified),
                tls.client(1, TestTls::verified),
                true,
                endpoints);
        var call = asClient.link.call(new RpcRequest("T.Server", EMPTY_MAP, Duration.ofSeconds(9)));
        asClient.exchange();
        assertThat(call)
                .isCompletedWithValue(
                        new RpcResult.Failed("Permission denied: T.Server needs the certificate of a server"));
        assertThat(asClient.accepted.counters.refused(LinkRefusal.ROLE)).isOne();

        var server = new LinkPair(
                LinkSettings.defaults(),
                tls.server(1, TestTls::verified),
                tls.server(1, TestTls::verified),
                true,
                endpoints);
        var allowed = server.link.call(new RpcRequest("T.Server", EMPTY_MAP, Duration.ofSeconds(9)));
        server.exchange();
        assertThat(allowed).isCompletedWithValue(new RpcResult.Answered(EMPTY_MAP));
    }

    @Test
    void anAnswerThatNobodyAskedForAndOneThatIsNoMsgpackEndTheirCallsOnly() {
        var pair = plain();
        var call = pair.link.make(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)), null);
        var other = pair.link.call(new RpcRequest("T.Wait", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.exchange();
        pair.dialled.data(call.stream, new byte[] {(byte) 0xc1}, 0, 1);
        assertThat(call).isCompletedWithValue(new RpcResult.Unreachable("the answer is not msgpack", true));
        assertThat(other).isNotDone();
        assertThat(pair.counters.refused(LinkRefusal.MALFORMED)).isOne();
    }

    private LinkPair plain() {
        var pair = new LinkPair(LinkSettings.defaults(), TlsSnapshot.none(), TlsSnapshot.none(), false, endpoints);
        assertThat(pair.isConfirmed).isTrue();
        return pair;
    }

    private static RpcResult echo(LinkPair pair) {
        var call = pair.link.call(new RpcRequest("T.Echo", EMPTY_MAP, Duration.ofSeconds(9)));
        pair.exchange();
        return call.join();
    }
}
