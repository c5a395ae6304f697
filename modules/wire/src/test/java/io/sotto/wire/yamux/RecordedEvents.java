package io.sotto.wire.yamux;

import io.sotto.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what happened in words, and the bytes of each stream joined. */
final class RecordedEvents implements YamuxEvents {
    private final List<String> log = new ArrayList<>();
    private final Map<Integer, ByteArrayOutputStream> bytes = new HashMap<>();

    /** What happened since the last call; bytes that arrived in pieces count once. */
    List<String> take() {
        List<String> taken = List.copyOf(log);
        log.clear();
        return taken;
    }

    Octets bytesOf(int stream) {
        ByteArrayOutputStream all = bytes.get(stream);
        return all == null ? Octets.empty() : Octets.wrap(all.toByteArray());
    }

    @Override
    public void opened(int id) {
        log.add("opened " + id);
    }

    @Override
    public void data(int id, byte[] array, int offset, int length) {
        String entry = "data " + id;
        if (log.isEmpty() || !log.get(log.size() - 1).equals(entry)) {
            log.add(entry);
        }
        bytes.computeIfAbsent(id, ignored -> new ByteArrayOutputStream()).write(array, offset, length);
    }

    @Override
    public void writable(int id) {
        log.add("writable " + id);
    }

    @Override
    public void finished(int id) {
        log.add("finished " + id);
    }

    @Override
    public void reset(int id) {
        log.add("reset " + id);
    }

    @Override
    public void pong(int opaque) {
        log.add("pong " + opaque);
    }

    @Override
    public void goneAway(int code) {
        log.add("gone away " + code);
    }
}
