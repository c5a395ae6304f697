package io.sotto.gossip.stream;

import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.Hosts;
import io.sotto.wire.Limits;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamRole;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks other members over streams: one connection per request.
 *
 * <p>A ping and a push/pull want an answer, a user message does not. Failures come back as values with the real
 * implementation's words, which operators search for; an answer that cannot be read is also counted as a rejection. Runs on
 * the dispatcher that it is given; safe to call from any thread. Source: gossip specification, section 5.
 */
public final class StreamClient {
    private final StreamThreads threads;
    private final Supplier<WirePolicy> policy;
    private final Limits limits;
    private final StreamEncoder encoder;
    private final Inspection inspection;

    private StreamClient(
            StreamThreads threads,
            Supplier<WirePolicy> policy,
            Limits limits,
            StreamEncoder encoder,
            Inspection inspection) {
        this.threads = threads;
        this.policy = policy;
        this.limits = limits;
        this.encoder = encoder;
        this.inspection = inspection;
    }

    /**
     * A client without connections.
     *
     * @param threads where deadlines are kept and the work is done
     * @param policy gives the snapshot in force; read once per request
     */
    public static StreamClient create(
            StreamThreads threads,
            Supplier<WirePolicy> policy,
            Limits limits,
            StreamEncoder encoder,
            Inspection inspection) {
        return new StreamClient(threads, policy, limits, encoder, inspection);
    }

    /**
     * Sends one request and waits for its answer, if one belongs to it.
     *
     * @param via where to dial from
     * @param timeout for connecting, and once more for the exchange
     * @return how it ended; never a failed stage
     */
    public CompletionStage<Exchanged> exchange(
            Endpoint via, InetSocketAddress to, StreamMessage request, Duration timeout) {
        return exchange(via, to, request, timeout, new Terms(policy.get(), inspection));
    }

    /**
     * On which terms one request goes.
     *
     * @param policy in place of the one in force
     * @param inspection what looks at the answer
     */
    public record Terms(WirePolicy policy, Inspection inspection) {}

    /** The same, on other terms than those in force. */
    public CompletionStage<Exchanged> exchange(
            Endpoint via, InetSocketAddress to, StreamMessage request, Duration timeout, Terms terms) {
        CompletableFuture<Exchanged> result = new CompletableFuture<>();
        WirePolicy inForce = terms.policy();
        via.connect(to, timeout)
                .whenCompleteAsync(
                        (connection, failure) -> {
                            if (failure != null) {
                                result.complete(new Exchanged.Failed(dialFailure(to, failure)));
                            } else {
                                new StreamAsking(
                                                threads,
                                                connection,
                                                inForce,
                                                limits,
                                                terms.inspection(),
                                                wantsAnswer(request),
                                                result)
                                        .start(() -> encoder.encode(request, StreamRole.REQUEST, inForce), timeout);
                            }
                        },
                        threads.executor());
        return result;
    }

    private static boolean wantsAnswer(StreamMessage request) {
        return !(request instanceof StreamMessage.Swim swim && swim.message() instanceof SwimMessage.User);
    }

    private static String dialFailure(InetSocketAddress to, Throwable failure) {
        String dial = "dial tcp " + Hosts.format(to) + ": ";
        Throwable cause = SocketErrors.cause(failure);
        return cause instanceof SocketTimeoutException
                ? dial + "i/o timeout"
                : dial + "connect: " + SocketErrors.text(cause);
    }
}
