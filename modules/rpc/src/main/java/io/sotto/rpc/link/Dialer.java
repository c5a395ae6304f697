package io.sotto.rpc.link;

import io.sotto.pki.Dial;
import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.flight.HandshakeEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * Opens links. Each dial takes the TLS snapshot in force, decides by it between plaintext and TLS, and never falls back from
 * one to the other; the link is handed out once the peer has answered a ping on it, so that a peer that refuses, which TLS 1.3
 * tells only after the handshake, fails the dial and never a call. Safe to use from every thread; stages complete on the
 * link's thread, where nothing may block, and never fail.
 *
 * <p>Source: RPC specification, sections 1 and 9; TLS specification, sections 1 to 3.
 */
public final class Dialer {
    private final LinkRunner runner;
    private final LinkSockets sockets;
    private final LinkSettings settings;
    private final Supplier<TlsSnapshot> tls;
    private final LinkCounters counters;
    private final LongSupplier clock;

    private Dialer(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            LinkCounters counters,
            LinkEnvironment environment) {
        this.runner = new LinkRunner(
                system, environment.threads().dials(), environment.threads().links());
        this.sockets = environment.sockets();
        this.settings = settings;
        this.tls = tls;
        this.counters = counters;
        this.clock = environment.nanos();
    }

    /**
     * A dialler whose links begin on the dispatcher {@code sotto.rpc.dial-dispatcher} of {@code system}.
     *
     * @param tls what is in force; asked once for each dial
     * @param counters shared with the listener of the same node
     */
    public static Dialer create(
            ActorSystem<?> system, LinkSettings settings, Supplier<TlsSnapshot> tls, LinkCounters counters) {
        return create(system, settings, tls, counters, LinkEnvironment.machine(system));
    }

    /** The same for links that live elsewhere than on this machine's network. */
    public static Dialer create(
            ActorSystem<?> system,
            LinkSettings settings,
            Supplier<TlsSnapshot> tls,
            LinkCounters counters,
            LinkEnvironment environment) {
        return new Dialer(system, settings, tls, counters, environment);
    }

    /**
     * Dials once.
     *
     * @param from the address to dial from; empty for any
     * @param expected what the peer has to be; looked at where TLS is used and the policy says so
     * @param peerOffersTls whether the peer is known to take TLS, though nothing obliges us to use it
     */
    public CompletionStage<DialResult> dial(
            InetSocketAddress to, Optional<InetSocketAddress> from, PeerRole expected, boolean peerOffersTls) {
        TlsSnapshot snapshot = tls.get();
        return dial(to, from, expected, snapshot, snapshot.howToDial(peerOffersTls) == Dial.TLS, Optional.empty());
    }

    /** The same for a peer of another datacenter, whose servers have its name. */
    public CompletionStage<DialResult> dial(
            InetSocketAddress to,
            Optional<InetSocketAddress> from,
            PeerRole expected,
            boolean peerOffersTls,
            String datacenter) {
        TlsSnapshot snapshot = tls.get();
        return dial(
                to, from, expected, snapshot, snapshot.howToDial(peerOffersTls) == Dial.TLS, Optional.of(datacenter));
    }

    /** The same by TLS, whatever the policy says of plaintext; not linked where TLS cannot be had. */
    public CompletionStage<DialResult> dialTls(InetSocketAddress to, PeerRole expected, String datacenter) {
        TlsSnapshot snapshot = tls.get();
        return snapshot.mayDialTls()
                ? dial(to, Optional.empty(), expected, snapshot, true, Optional.of(datacenter))
                : CompletableFuture.completedFuture(new DialResult.NotLinked(
                        "this node has no certificate, or no authority to judge others by", Optional.empty(), false));
    }

    private CompletionStage<DialResult> dial(
            InetSocketAddress to,
            Optional<InetSocketAddress> from,
            PeerRole expected,
            TlsSnapshot snapshot,
            boolean byTls,
            Optional<String> datacenter) {
        CompletableFuture<DialResult> result = new CompletableFuture<>();
        counters.dialled.increment();
        DialledLink link = new DialledLink(settings, counters, clock, byTls, snapshot.generation());
        @Nullable
        SSLEngine engine = byTls
                ? datacenter.map(name -> snapshot.dial(expected, name)).orElseGet(() -> snapshot.dial(expected))
                : null;
        DialCore core = new DialCore(
                settings, counters, link, engine, new Confirmation(to, snapshot, datacenter, link, result));
        try {
            LinkSocket socket = sockets.open(from);
            runner.run(new LinkStage.Parts(socket, Optional.of(to), core, link.inbox(), settings, counters, clock));
        } catch (IOException | IllegalStateException | RejectedExecutionException e) {
            core.lost(SocketErrors.text(e));
        }
        return result;
    }

    private final class Confirmation implements DialCore.Outcome {
        private final InetSocketAddress to;
        private final TlsSnapshot snapshot;
        private final Optional<String> datacenter;
        private final DialledLink link;
        private final CompletableFuture<DialResult> result;
        private final long beganNanos = clock.getAsLong();

        Confirmation(
                InetSocketAddress to,
                TlsSnapshot snapshot,
                Optional<String> datacenter,
                DialledLink link,
                CompletableFuture<DialResult> result) {
            this.to = to;
            this.snapshot = snapshot;
            this.datacenter = datacenter;
            this.link = link;
            this.result = result;
        }

        private void tellRecorder(String outcome) {
            if (HandshakeEvent.isRecorded()) {
                HandshakeEvent.record(
                        "dialled",
                        to.getHostString() + ":" + to.getPort(),
                        link.isTls(),
                        outcome,
                        clock.getAsLong() - beganNanos);
            }
        }

        @Override
        public void confirmed(@Nullable TlsCore core) {
            tellRecorder("confirmed");
            link.confirmed(core == null ? PeerIdentity.unproven() : identify(core));
            result.complete(new DialResult.Linked(link));
        }

        @Override
        public void failed(String reason, Optional<PeerRefused> refused, boolean byPeer) {
            tellRecorder(
                    refused.map(fault -> fault.reason().name()).orElse(byPeer ? "refused by the peer" : "not reached"));
            counters.dialsFailed.increment();
            String text = byPeer || refused.isPresent()
                    ? reason
                    : "dial tcp " + to.getHostString() + ":" + to.getPort() + ": " + reason;
            result.complete(new DialResult.NotLinked(text, refused, byPeer));
        }

        private PeerIdentity identify(TlsCore core) {
            return datacenter
                    .map(name -> snapshot.identify(core.session(), name))
                    .orElseGet(() -> snapshot.identify(core.session()));
        }
    }
}
