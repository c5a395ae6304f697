package io.sotto.agent.exec;

import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Codec;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.QueryMeta;
import io.sotto.wire.rpc.consul.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Servers with keys and sessions, over the messages of the wire. */
final class FakeStore implements RpcCaller {
    /** Far more than it takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Octets> keys = new ConcurrentHashMap<>();
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
    private volatile boolean lagging;

    void session(String id, String node) {
        sessions.put(id, node);
    }

    void end(String id) {
        sessions.remove(id);
    }

    void put(String key, Octets value) {
        keys.put(key, value);
    }

    /** Whoever does not lead has not got the keys yet. */
    void lag() {
        lagging = true;
    }

    /** The next key that somebody locks. */
    String nextWritten() {
        try {
            String key = written.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (key == null) {
                throw new AssertionError("nothing was written; there is " + new TreeMap<>(keys));
            }
            return key;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean wasWritten(String key) {
        return keys.containsKey(key);
    }

    String text(String key) {
        Octets value = keys.get(key);
        return value == null ? "<none>" : new String(value.toArray(), StandardCharsets.UTF_8);
    }

    @Override
    public CompletableFuture<RpcResult> call(RpcRequest request) {
        Optional<Octets> answer = switch (request.method()) {
            case "KVS.Get" -> Optional.of(get(read(ConsulMethods.KVS_GET.requests(), request)));
            case "KVS.Apply" -> Optional.of(apply(read(ConsulMethods.KVS_APPLY.requests(), request)));
            case "Session.Get" -> Optional.of(session(read(ConsulMethods.SESSION_GET.requests(), request)));
            default -> Optional.empty();
        };
        return CompletableFuture.completedFuture(answer.<RpcResult>map(RpcResult.Answered::new)
                .orElseGet(() -> new RpcResult.Failed("rpc: can't find method " + request.method())));
    }

    private Octets get(Kvs.Get get) {
        Octets value = keys.get(get.key());
        List<Kvs.Entry> found = value == null || (lagging && get.options().allowStale())
                ? List.of()
                : List.of(Kvs.Entry.of(get.key(), value));
        return ConsulMethods.KVS_GET.answers().encode(new Kvs.Entries(found, QueryMeta.leader(7)));
    }

    private Octets apply(Kvs.Apply apply) {
        boolean done =
                apply.op().equals("lock") && sessions.containsKey(apply.dirEnt().session());
        if (done) {
            keys.put(apply.dirEnt().key(), apply.dirEnt().value());
            written.add(apply.dirEnt().key());
        }
        return ConsulMethods.KVS_APPLY.answers().encode(done);
    }

    private Octets session(Sessions.Get get) {
        String node = sessions.get(get.session());
        List<Sessions.Session> found = node == null
                ? List.of()
                : List.of(Sessions.Session.of("Remote Exec", node, Duration.ZERO, "delete", "15s"));
        return ConsulMethods.SESSION_GET.answers().encode(new Sessions.Listing(found, QueryMeta.leader(7)));
    }

    private static <T> T read(Codec<T> codec, RpcRequest request) {
        return ((Decoding.Value<T>) codec.decode(request.body())).value();
    }
}
