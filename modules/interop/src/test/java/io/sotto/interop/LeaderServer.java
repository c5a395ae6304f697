package io.sotto.interop;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcListener;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;

/** Our RPC port, with one method: it says of itself that it leads. */
final class LeaderServer implements AutoCloseable {
    private final RpcListener listener;

    private LeaderServer(RpcListener listener) {
        this.listener = listener;
    }

    static LeaderServer start(ActorSystem<?> system, TlsSnapshot tls, InetSocketAddress address) {
        MsgpackWriter self = new MsgpackWriter(64).text(address.getHostString() + ":" + address.getPort());
        RpcAnswer answer = new RpcAnswer.Reply(self.toOctets());
        Endpoints endpoints = Endpoints.none()
                .with(LeaderCall.METHOD, PeerRole.UNPROVEN, call -> CompletableFuture.completedFuture(answer));
        return new LeaderServer(RpcListener.bind(
                        system, address, LinkSettings.defaults(), () -> tls, () -> endpoints, new LinkCounters())
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join());
    }

    InetSocketAddress address() {
        return listener.address();
    }

    @Override
    public void close() {
        listener.drain();
        listener.unbind().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
