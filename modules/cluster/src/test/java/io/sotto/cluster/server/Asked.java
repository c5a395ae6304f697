package io.sotto.cluster.server;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.Cancellation;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Calls a server as a link would, on a clock that is moved by hand. */
final class Asked {
    private final ConsulServer server;
    private final List<Timer> timers = new ArrayList<>();
    private long nowNanos;

    private record Timer(long at, Runnable action) {}

    /** A call under way. */
    record Call(CompletableFuture<RpcAnswer> answer, List<Runnable> onCancel) {
        void cancel() {
            onCancel.forEach(Runnable::run);
        }

        Optional<String> fault() {
            return answer.getNow(null) instanceof RpcAnswer.Fault fault ? Optional.of(fault.text()) : Optional.empty();
        }
    }

    Asked(GossipView view) {
        this(view, Optional.empty());
    }

    Asked(GossipView view, Optional<ConsulServer.Outside> outside) {
        // Chance is the most there is: half of what may be added.
        this.server = ConsulServer.over(
                view,
                outside,
                new ServerSettings("dc1", Duration.ofSeconds(7)),
                this::schedule,
                () -> Long.MAX_VALUE / 2);
    }

    private Runnable schedule(Duration delay, Runnable action) {
        Timer timer = new Timer(nowNanos + delay.toNanos(), action);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    ConsulServer server() {
        return server;
    }

    int timers() {
        return timers.size();
    }

    void advance(Duration time) {
        nowNanos += time.toNanos();
        List.copyOf(timers).stream().filter(timer -> timer.at <= nowNanos).forEach(timer -> {
            timers.remove(timer);
            timer.action.run();
        });
    }

    Call ask(String method, Octets body) {
        return ask(method, PeerRole.UNPROVEN, body);
    }

    Call ask(String method, PeerRole role, Octets body) {
        return ask(method, role, role == PeerRole.SERVER ? Set.of("dc1") : Set.of(), body);
    }

    Call ask(String method, PeerRole role, Set<String> serverOf, Octets body) {
        List<Runnable> onCancel = new ArrayList<>();
        Cancellation cancellation = new Cancellation() {
            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void onCancel(Runnable action) {
                onCancel.add(action);
            }
        };
        IncomingCall call = new IncomingCall(
                method,
                body,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000),
                role,
                serverOf,
                cancellation);
        return new Call(
                Optional.ofNullable(server.methods().get(method))
                        .orElseThrow()
                        .endpoint()
                        .answer(call)
                        .toCompletableFuture(),
                onCancel);
    }

    /** A body of these fields: texts, numbers, switches, or whatever writes itself. */
    static Octets body(Map<String, Object> fields) {
        MsgpackWriter writer = new MsgpackWriter(64);
        write(writer, fields);
        return writer.toOctets();
    }

    @SuppressWarnings("unchecked")
    private static void write(MsgpackWriter writer, Object value) {
        if (value instanceof Map<?, ?> map) {
            writer.map(map.size());
            new TreeMap<>((Map<String, Object>) map).forEach((name, field) -> write(writer.key(name), field));
        } else if (value instanceof Number number) {
            writer.signed(number.longValue());
        } else if (value instanceof Boolean bool) {
            writer.bool(bool);
        } else if (value instanceof Octets bytes) {
            writer.bytes(bytes);
        } else if (value instanceof Consumer<?> own) {
            ((Consumer<MsgpackWriter>) own).accept(writer);
        } else {
            writer.text(String.valueOf(value));
        }
    }
}
