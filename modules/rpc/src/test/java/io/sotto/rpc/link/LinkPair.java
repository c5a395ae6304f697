package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection without sockets, in virtual time. */
final class LinkPair {
    final AcceptedInMemory accepted;
    final DialledLink link;
    final DialCore dialled;
    final LinkCounters counters = new LinkCounters();

    @Nullable
    String failure;

    Optional<PeerRefused> refused = Optional.empty();
    boolean refusedByPeer;
    boolean isConfirmed;
    /** Whether the peer hears us. */
    boolean isCut;

    private long now;

    LinkPair(LinkSettings settings, TlsSnapshot server, TlsSnapshot client, boolean byTls, Endpoints endpoints) {
        this(settings, server, client, byTls, endpoints, false);
    }

    LinkPair(
            LinkSettings settings,
            TlsSnapshot server,
            TlsSnapshot client,
            boolean byTls,
            Endpoints endpoints,
            boolean isCut) {
        this.isCut = isCut;
        accepted = new AcceptedInMemory(settings, server, endpoints);
        link = new DialledLink(settings, counters, () -> now, byTls, client.generation());
        dialled = new DialCore(
                settings, counters, link, byTls ? client.dial(PeerRole.SERVER) : null, new DialCore.Outcome() {
                    @Override
                    public void confirmed(@Nullable TlsCore tls) {
                        isConfirmed = true;
                        link.confirmed(tls == null ? PeerIdentity.unproven() : client.identify(tls.session()));
                    }

                    @Override
                    public void failed(String reason, Optional<PeerRefused> why, boolean byPeer) {
                        failure = reason;
                        refused = why;
                        refusedByPeer = byPeer;
                    }
                });
        dialled.begin(now);
        exchange();
    }

    /** Carries all there is to and fro until nothing moves. */
    void exchange() {
        boolean moved = true;
        while (moved) {
            moved = false;
            dialled.woken(now);
            for (ByteBuffer out = dialled.takeOutput(); out != null; out = dialled.takeOutput()) {
                if (!isCut) {
                    byte[] bytes = new byte[out.remaining()];
                    out.get(bytes);
                    accepted.receive(bytes);
                    moved = true;
                }
            }
            accepted.settle();
            byte[] back = accepted.read();
            for (int taken = 0; taken < back.length; moved = true) {
                taken += dialled.received(back, taken, back.length - taken, now);
            }
            if (!accepted.isOpen() && !dialled.isFinished()) {
                dialled.inputEnded(now);
                moved = true;
            }
            if (dialled.isFinished() && accepted.isOpen()) {
                accepted.inputEnded();
                moved = true;
            }
        }
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        while (now < until) {
            long next = Math.min(until, Math.max(now + 1, dialled.nextTimerNanos()));
            accepted.pass(Duration.ofNanos(next - now));
            now = next;
            dialled.tick(now);
            exchange();
        }
    }
}
