package io.sotto.cluster;

import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.Dialer;
import io.sotto.rpc.link.LinkCounters;
import io.sotto.rpc.link.LinkEnvironment;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.pool.RpcPeer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Finds out what the port of a server that gives no reports takes: by TLS, with a certificate that has to prove a server, and in
 * plaintext. On each connection it sends one ping and no call. What it learns is good for {@link #FRESH}, so that whoever asks often
 * dials seldom.
 *
 * <p>What it dials is not among the figures of the node's calls. Any thread. Source: ours; TLS specification, section 2, whose
 * matrix shows what servers refuse.
 */
final class TlsTrial {
    /** For so long what was found out is the answer. */
    static final Duration FRESH = Duration.ofSeconds(10);

    /** What a server's port takes. */
    record Found(Link tls, Link plain, String why) {
        /** What came of one way to dial. */
        enum Link {
            TAKEN,
            REFUSED,
            UNKNOWN
        }
    }

    private record Asked(long atNanos, RpcPeer peer, CompletionStage<Found> found) {}

    private final Supplier<TlsSnapshot> tls;
    private final Dialer byTls;
    private final Dialer plain;
    private final LongSupplier nanos;
    private final Map<String, Asked> asked = new HashMap<>();

    TlsTrial(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            LinkEnvironment environment,
            LongSupplier nanos) {
        this.tls = tls;
        this.nanos = nanos;
        this.byTls = Dialer.create(system, settings, tls, new LinkCounters(), environment);
        this.plain = Dialer.create(system, settings, TlsSnapshot::none, new LinkCounters(), environment);
    }

    /** Never fails. */
    synchronized CompletionStage<Found> look(RpcPeer peer) {
        long now = nanos.getAsLong();
        asked.values().removeIf(old -> now - old.atNanos >= FRESH.toNanos());
        Asked known = asked.get(peer.name());
        if (known != null && known.peer.equals(peer)) {
            return known.found;
        }
        CompletionStage<Found> found = dial(peer);
        asked.put(peer.name(), new Asked(now, peer, found));
        return found;
    }

    private CompletionStage<Found> dial(RpcPeer peer) {
        if (!tls.get().mayDialTls()) {
            return CompletableFuture.completedFuture(
                    new Found(Found.Link.UNKNOWN, Found.Link.UNKNOWN, "this node has no certificate to try it with"));
        }
        return byTls.dial(peer.address(), Optional.empty(), PeerRole.SERVER, true, peer.datacenter())
                .thenCompose(first -> {
                    Found.Link link = link(first, true);
                    return link == Found.Link.TAKEN
                            ? plain.dial(peer.address(), Optional.empty(), PeerRole.SERVER, false)
                                    .thenApply(second -> new Found(link, link(second, false), why(first)))
                            : CompletableFuture.completedFuture(new Found(link, Found.Link.UNKNOWN, why(first)));
                });
    }

    private static Found.Link link(DialResult result, boolean byTls) {
        if (result instanceof DialResult.Linked linked) {
            linked.link().drain();
            return byTls && !linked.link().peer().role().proves(PeerRole.SERVER)
                    ? Found.Link.REFUSED
                    : Found.Link.TAKEN;
        }
        DialResult.NotLinked refused = (DialResult.NotLinked) result;
        return refused.byPeer() || refused.refused().isPresent() ? Found.Link.REFUSED : Found.Link.UNKNOWN;
    }

    private static String why(DialResult result) {
        return result instanceof DialResult.NotLinked failed
                ? failed.reason()
                : "its certificate does not prove a server of its datacenter";
    }

    /** Where that puts a server. Whether it calls by TLS only cannot be seen from outside. */
    static Stand stand(Found found, Optional<String> mend) {
        return switch (found.tls) {
            case UNKNOWN ->
                new Stand(
                        UpshiftStage.NONE,
                        Stand.Ground.UNKNOWN,
                        Optional.empty(),
                        Optional.of("could not be tried by TLS: " + found.why),
                        mend);
            case REFUSED -> seen(UpshiftStage.NONE, Optional.of("does not take TLS: " + found.why), mend);
            case TAKEN ->
                found.plain == Found.Link.REFUSED
                        ? seen(UpshiftStage.ENFORCED, Optional.empty(), Optional.empty())
                        : seen(
                                UpshiftStage.READY,
                                Optional.of("takes TLS; whether it calls by TLS only cannot be seen from here"),
                                mend);
        };
    }

    private static Stand seen(UpshiftStage stage, Optional<String> hindrance, Optional<String> mend) {
        return new Stand(stage, Stand.Ground.TRAFFIC, Optional.empty(), hindrance, mend);
    }
}
