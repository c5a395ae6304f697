package io.sotto.bench.rpc;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcLink;
import io.sotto.rpc.link.RpcListener;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Ours: one link and a listener, each end in an actor system of its own as it would be, and an endpoint that answers with the
 * body. The body is one msgpack object of bytes, made once for each payload. Source: ours.
 */
public final class SottoEcho implements EchoSide {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String METHOD = "Bench.Echo";

    private final ActorSystem<Void> server;
    private final ActorSystem<Void> client;
    private final RpcLink link;
    private volatile Prepared prepared = new Prepared(new byte[0]);

    private SottoEcho(ActorSystem<Void> server, ActorSystem<Void> client, RpcLink link) {
        this.server = server;
        this.client = client;
        this.link = link;
    }

    /** Starts both ends, under the limits that agents have by default. */
    public static SottoEcho start(EchoKeys keys) throws Exception {
        TlsSnapshot tls = TlsSnapshot.create(
                TlsSettings.builder(TlsSettings.Dialect.SOTTO)
                        .authorities(List.of(keys.authoritySource()))
                        .certificate(keys.certificateSource())
                        .key(keys.keySource())
                        .verifyIncoming(true)
                        .verifyOutgoing(true)
                        .verifyServerHostname(true)
                        .minVersion("tls13")
                        .build(),
                1,
                InstantSource.system());
        Endpoints endpoints = Endpoints.none()
                .with(
                        METHOD,
                        PeerRole.MEMBER,
                        call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())));
        ActorSystem<Void> server = ActorSystem.create(Behaviors.empty(), "server", QuietConfig.QUIET);
        ActorSystem<Void> client = ActorSystem.create(Behaviors.empty(), "client", QuietConfig.QUIET);
        LinkSettings settings = LinkSettings.defaults();
        RpcListener listener = RpcListener.bind(
                        server,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        settings,
                        () -> tls,
                        () -> endpoints,
                        new LinkCounters())
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        DialResult dialled = Dialer.create(client, settings, () -> tls, new LinkCounters())
                .dial(listener.address(), Optional.empty(), PeerRole.SERVER, true)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (dialled instanceof DialResult.Linked linked && linked.link().isTls()) {
            return new SottoEcho(server, client, linked.link());
        }
        throw new IllegalStateException("no link over TLS: " + dialled);
    }

    @Override
    public String name() {
        return "sotto";
    }

    @Override
    public void call(byte[] payload, Answer answer) {
        Prepared known = prepared;
        if (known.payload != payload) {
            known = new Prepared(payload);
            prepared = known;
        }
        int more = known.request.body().length() - payload.length;
        CompletionStage<RpcResult> end = link.call(known.request);
        end.whenComplete((result, never) -> {
            if (result instanceof RpcResult.Answered answered) {
                answer.answered(answered.body().length() - more);
            } else {
                answer.failed(new IllegalStateException(String.valueOf(result)));
            }
        });
    }

    @Override
    public void close() {
        client.terminate();
        server.terminate();
    }

    /** The request that carries a payload. */
    private static final class Prepared {
        final byte[] payload;
        final RpcRequest request;

        Prepared(byte[] payload) {
            this.payload = payload;
            MsgpackWriter writer = new MsgpackWriter(payload.length + 8);
            writer.binary(Octets.wrap(payload));
            this.request = new RpcRequest(METHOD, writer.toOctets(), PATIENCE);
        }
    }
}
