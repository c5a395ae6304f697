package io.sotto.rpc.link;

import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** An accepted connection without a socket and without a clock. */
final class AcceptedInMemory {
    final LinkCounters counters;
    final AcceptedConnections all;
    final Accepted place;
    final AcceptCore core;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private long now;

    AcceptedInMemory(LinkSettings settings, TlsSnapshot snapshot, Endpoints endpoints) {
        this(settings, snapshot, endpoints, RpcDialect.CONSUL);
    }

    AcceptedInMemory(LinkSettings settings, TlsSnapshot snapshot, Endpoints endpoints, RpcDialect dialect) {
        this.counters = new LinkCounters();
        this.all = new AcceptedConnections(settings, counters);
        this.place = all.admit(new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000), snapshot.generation())
                .place();
        this.core = new AcceptCore(
                settings,
                place,
                new LinkLog(counters, () -> now),
                counters,
                snapshot,
                new Serving.Source() {
                    @Override
                    public Endpoints endpoints() {
                        return endpoints;
                    }

                    @Override
                    public void run(RpcAnswer.Streamed series, SeriesSink sink) {
                        throw new UnsupportedOperationException("no streams here");
                    }
                },
                dialect,
                now);
        core.begin(now);
    }

    /** The peer says this. */
    void receive(byte[] bytes) {
        for (int taken = 0; taken < bytes.length && !core.isFinished(); settle()) {
            taken += core.received(bytes, taken, bytes.length - taken, now);
        }
        settle();
    }

    /** The peer says no more. */
    void inputEnded() {
        core.inputEnded(now);
        settle();
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        while (core.nextTimerNanos() <= until) {
            now = Math.max(now + 1, core.nextTimerNanos());
            core.tick(now);
            settle();
        }
        now = until;
    }

    /** Carries out what other threads asked for, and lets the peer read all there is. */
    void settle() {
        core.woken(now);
        for (ByteBuffer bytes = core.takeOutput(); bytes != null; bytes = core.takeOutput()) {
            while (bytes.hasRemaining()) {
                unread.write(bytes.get());
            }
        }
    }

    /** What the peer reads. */
    byte[] read() {
        byte[] bytes = unread.toByteArray();
        unread.reset();
        return bytes;
    }

    boolean isOpen() {
        return !core.isFinished();
    }
}
