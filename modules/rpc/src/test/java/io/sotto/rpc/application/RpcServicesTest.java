package io.sotto.rpc.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.Cancellation;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

/** What callers see of services that answer, refuse and fail. */
class RpcServicesTest {
    private static final RpcMethod<String, String> METHOD =
            RpcMethod.of("Shop.Order", RpcCodecs.text(), RpcCodecs.text());

    private static final Cancellation NEVER = new Cancellation() {
        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    };

    private static CompletableFuture<RpcAnswer> answer(Endpoint endpoint, Octets body) {
        InetSocketAddress source = InetSocketAddress.createUnresolved("caller.test", 1);
        return endpoint.answer(new IncomingCall("Shop.Order", body, source, PeerRole.MEMBER, Set.of(), NEVER))
                .toCompletableFuture();
    }

    private static CompletableFuture<RpcAnswer> answer(RpcService<String, String> service) {
        return answer(RpcServices.endpoint(METHOD, service), RpcCodecs.text().encode("tea"));
    }

    @Test
    void anAnswerIsEncodedAndTheContextTold() {
        assertThat(answer((request, context) -> CompletableFuture.completedFuture(request + context.role())))
                .isCompletedWithValue(new RpcAnswer.Reply(RpcCodecs.text().encode("teaMEMBER")));
    }

    @Test
    void aFaultIsToldInItsWordsHoweverItComes() {
        RpcAnswer fault = new RpcAnswer.Fault("sold out");
        assertThat(answer((request, context) -> {
                    throw new RpcFaultException("sold out");
                }))
                .isCompletedWithValue(fault);
        assertThat(answer((request, context) -> CompletableFuture.failedFuture(new RpcFaultException("sold out"))))
                .isCompletedWithValue(fault);
        assertThat(answer((request, context) -> CompletableFuture.completedFuture(request)
                        .thenApply(same -> {
                            throw new RpcFaultException("sold out");
                        })))
                .isCompletedWithValue(fault);
    }

    @Test
    void whatIsNotMeantForCallersStaysAFailure() {
        IllegalStateException secret = new IllegalStateException("password");
        assertThat(answer((request, context) -> CompletableFuture.failedFuture(secret)))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCause(secret);
    }

    @Test
    void aRequestThatCannotBeReadIsRefused() {
        Endpoint endpoint =
                RpcServices.endpoint(METHOD, (request, context) -> CompletableFuture.completedFuture(request));
        RpcAnswer refused = new RpcAnswer.Undecodable(
                "Shop.Order cannot read its request: expected text, found a value of the wrong type");
        assertThat(answer(endpoint, Octets.hex("80"))).isCompletedWithValue(refused);
        Endpoint series = RpcServices.streamEndpoint(METHOD, (request, context) -> Source.empty());
        assertThat(answer(series, Octets.hex("80"))).isCompletedWithValue(refused);
    }

    @Test
    void aSeriesTellsItsFaultsAndHidesItsFailures() {
        Endpoint series = RpcServices.streamEndpoint(METHOD, (request, context) -> Source.single(request));
        assertThat(answer(series, RpcCodecs.text().encode("tea")).join())
                .isInstanceOfSatisfying(RpcAnswer.Streamed.class, streamed -> {
                    assertThat(streamed.words().apply(new RpcFaultException("sold out")))
                            .isEqualTo("sold out");
                    assertThat(streamed.words().apply(new IllegalStateException("password")))
                            .isEqualTo("internal error");
                });
    }
}
