package io.sotto.gossip.stream;

import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Endpoint;
import io.sotto.wire.Limits;
import io.sotto.wire.Rejection;
import io.sotto.wire.Rejection.Reason;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Serves the streams of a pool: reads one request of each connection, has it answered, closes.
 *
 * <p>A connection from outside the allowed networks is closed silently and counted; one too many takes the place of
 * another that has not yet sent a whole request, see {@link StreamSlots}. A request that cannot be
 * read is counted, answered with an error where the real implementation does so, under the policy for what we send, and
 * closed. Nothing is logged or counted for a peer that connects and closes without a byte, as port checks do.
 *
 * <p>Runs on the dispatcher that it is given; safe to call from any thread. {@link #close} ends the connections that are open.
 * Source: gossip specification, sections 5, 7 and 8; security rules for the caps.
 */
public final class StreamServer implements AutoCloseable {
    private final Context context;
    /** In the order in which they came, so that they end in it. */
    private final Set<StreamSession> sessions = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile boolean closed;

    /** What all connections of a server share. */
    record Context(
            StreamThreads threads,
            Supplier<WirePolicy> policy,
            StreamSettings settings,
            Limits limits,
            StreamEncoder encoder,
            Inspection inspection,
            StreamCounters counters,
            StreamHandler handler,
            StreamSlots slots) {

        void reject(Reason reason, String detail, Connection connection, long size, WirePolicy inForce) {
            int counted = (int) Math.min(size, Integer.MAX_VALUE);
            inspection.rejections().stream(new Rejection(reason, detail, connection.remote(), counted), inForce);
        }
    }

    private StreamServer(Context context) {
        this.context = context;
    }

    /**
     * A server that has not accepted anything yet.
     *
     * @param threads where deadlines are kept and the work is done
     * @param policy gives the snapshot in force; read once per connection
     */
    public static StreamServer create(
            StreamThreads threads,
            Supplier<WirePolicy> policy,
            StreamSettings settings,
            Limits limits,
            StreamEncoder encoder,
            Inspection inspection,
            StreamCounters counters,
            StreamHandler handler) {
        return new StreamServer(new Context(
                threads,
                policy,
                settings,
                limits,
                encoder,
                inspection,
                counters,
                handler,
                new StreamSlots(settings, counters)));
    }

    /** Begins to accept what comes to {@code endpoint}. */
    public void start(Endpoint endpoint) {
        endpoint.accept(this::accept);
    }

    /** Connections open now. */
    public int open() {
        return context.slots().total();
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(sessions).forEach(StreamSession::end);
    }

    private void accept(Connection connection) {
        WirePolicy policy = context.policy().get();
        context.counters().accepted.increment();
        if (closed) {
            context.counters().abandoned.increment();
            connection.close();
        } else if (!policy.allowed().admits(connection.remote().getAddress())) {
            refuse(connection, Reason.NOT_ALLOWED, "its source is in none of the allowed networks", policy);
        } else {
            StreamSession session = new StreamSession(context, connection, policy, sessions::remove);
            sessions.add(session);
            if (session.enter()) {
                session.start();
                if (closed) {
                    session.end();
                }
            } else {
                sessions.remove(session);
                refuse(connection, Reason.OVERLOAD, "too many requests are being answered", policy);
            }
        }
    }

    private void refuse(Connection connection, Reason reason, String detail, WirePolicy policy) {
        context.counters().refused.increment();
        context.reject(reason, detail, connection, 0, policy);
        connection.close();
    }
}
