package io.sotto.interop;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcLink;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What came of our asking a server who leads: {@code Status.Leader} over a connection of its own.
 *
 * @param answer what the server said; empty where there was no answer
 * @param whyNot why there was none; empty where there was one
 * @param isTls whether the connection was TLS; false where there was none
 */
record LeaderCall(Optional<String> answer, String whyNot, boolean isTls) {
    static final String METHOD = "Status.Leader";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** An empty msgpack map: the datacenter of whom we ask. */
    private static final Octets OWN_DATACENTER = Octets.hex("80");

    /**
     * Dials, calls and closes.
     *
     * @param offersTls whether the server says that it takes TLS
     */
    static LeaderCall make(
            ActorSystem<?> system, TlsSnapshot tls, String from, InetSocketAddress to, boolean offersTls) {
        DialResult dialled = await(Dialer.create(system, LinkSettings.defaults(), () -> tls, new LinkCounters())
                .dial(to, Optional.of(new InetSocketAddress(from, 0)), PeerRole.SERVER, offersTls));
        if (dialled instanceof DialResult.NotLinked refused) {
            return new LeaderCall(Optional.empty(), refused.reason(), false);
        }
        RpcLink link = ((DialResult.Linked) dialled).link();
        try {
            RpcResult result = await(link.call(new RpcRequest(METHOD, OWN_DATACENTER, PATIENCE)));
            return result instanceof RpcResult.Answered answered
                    ? new LeaderCall(
                            Optional.of(new String(answered.body().toArray(), StandardCharsets.UTF_8)),
                            "",
                            link.isTls())
                    : new LeaderCall(Optional.empty(), result.toString(), link.isTls());
        } finally {
            link.drain();
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
