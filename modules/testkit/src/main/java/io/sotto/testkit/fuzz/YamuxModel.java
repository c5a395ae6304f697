package io.sotto.testkit.fuzz;

import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a session has to do, told from the specification and not from the code: its streams, its windows, and its end. */
final class YamuxModel {
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    /** One stream. */
    static final class Stream {
        final int id;
        final boolean isOurs;
        long sendWindow = YamuxSettings.INITIAL_WINDOW_BYTES;
        long receiveWindow;
        int unconsumed;
        int returnable;
        boolean isFresh = true;
        boolean isBegun;
        boolean isFinishing;
        boolean hasFinished;
        boolean peerHasFinished;
        long waiting;

        /** The bytes of a stream count up, each way. */
        long written;

        long received;

        Stream(int id, boolean isOurs, long receiveWindow) {
            this.id = id;
            this.isOurs = isOurs;
            this.receiveWindow = receiveWindow;
            this.isBegun = !isOurs;
        }
    }

    private final YamuxSettings settings;
    private final NavigableMap<Integer, Stream> streams = new TreeMap<>();
    private final List<String> expected = new ArrayList<>();
    private YamuxFailure failure = YamuxFailure.NONE;
    private long nextStream;
    private int pings;
    private int replies;
    private long opened;
    private boolean hasGoneAway;
    private boolean peerHasGoneAway;

    YamuxModel(YamuxSettings settings, boolean isClient) {
        this.settings = settings;
        this.nextStream = isClient ? 1 : 2;
    }

    NavigableMap<Integer, Stream> streams() {
        return streams;
    }

    YamuxFailure failure() {
        return failure;
    }

    long opened() {
        return opened;
    }

    int pings() {
        return pings;
    }

    /** What its user must have been told since the last call. */
    List<String> takeExpected() {
        List<String> taken = List.copyOf(expected);
        expected.clear();
        return taken;
    }

    void frame(int version, int type, int flags, int id, long length) {
        if (version != 0) {
            failure = YamuxFailure.VERSION;
            return;
        }
        switch (type) {
            case 0 -> data(id, flags, length);
            case 1 -> window(id, flags, length);
            case 2 -> ping(flags, length);
            case 3 -> goAway(length);
            default -> failure = YamuxFailure.TYPE;
        }
    }

    private void data(int id, int flags, long length) {
        Stream stream = stream(id, flags);
        if (stream == null || !flagsAreFine(stream, flags)) {
            return;
        }
        if (length > stream.receiveWindow) {
            failure = YamuxFailure.WINDOW_EXCEEDED;
            return;
        }
        stream.receiveWindow -= length;
        if (stream.peerHasFinished) {
            return;
        }
        if (length > 0) {
            stream.unconsumed += (int) length;
            stream.isFresh = false;
            expected.add("data " + id + " " + length);
        }
        if ((flags & FIN) != 0) {
            peerFinished(stream);
        }
    }

    private void window(int id, int flags, long delta) {
        Stream stream = stream(id, flags);
        if (stream == null || !flagsAreFine(stream, flags)) {
            return;
        }
        boolean hadWaiting = stream.waiting > 0;
        stream.sendWindow = Math.min(Integer.MAX_VALUE, stream.sendWindow + delta);
        long sent = Math.min(stream.sendWindow, stream.waiting);
        stream.sendWindow -= sent;
        stream.waiting -= sent;
        boolean isDrained = hadWaiting && stream.waiting == 0;
        if (isDrained && stream.isFinishing) {
            weFinished(stream);
        }
        if ((flags & FIN) != 0) {
            peerFinished(stream);
        }
        if (isDrained && !stream.isFinishing) {
            expected.add("writable " + id);
        }
    }

    /** The stream that a frame is for; null when there is none, or when the session is over. */
    private @Nullable Stream stream(int id, int flags) {
        if ((flags & SYN) == 0) {
            return streams.get(id);
        }
        if (streams.containsKey(id)) {
            failure = YamuxFailure.DUPLICATE_STREAM;
            return null;
        }
        long silent =
                streams.values().stream().filter(s -> !s.isOurs && s.isFresh).count();
        long theirs = streams.values().stream().filter(s -> !s.isOurs).count();
        if (silent >= settings.backlog() || theirs >= settings.maxStreams()) {
            reply();
            return null;
        }
        Stream stream = new Stream(id, false, settings.windowBytes());
        streams.put(id, stream);
        opened++;
        if ((flags & FIN) == 0 && !reply()) {
            return null;
        }
        expected.add("opened " + id);
        return stream;
    }

    private boolean flagsAreFine(Stream stream, int flags) {
        if ((flags & ACK) != 0 && stream.isOurs) {
            stream.isFresh = false;
        }
        if ((flags & FIN) != 0 && stream.peerHasFinished) {
            failure = YamuxFailure.UNEXPECTED_FIN;
            return false;
        }
        if ((flags & RST) != 0) {
            streams.remove(stream.id);
            expected.add("reset " + stream.id);
            return false;
        }
        return true;
    }

    private void ping(int flags, long opaque) {
        if ((flags & SYN) != 0) {
            reply();
        } else if (opaque < pings) {
            expected.add("pong " + opaque);
        }
    }

    private void goAway(long code) {
        peerHasGoneAway = true;
        expected.add("gone away " + code);
        if (code > 0) {
            failure = code == 1
                    ? YamuxFailure.PEER_PROTOCOL_ERROR
                    : code == 2 ? YamuxFailure.PEER_INTERNAL_ERROR : YamuxFailure.UNEXPECTED_GO_AWAY;
        }
    }

    private boolean reply() {
        if (replies >= settings.maxWaitingReplies()) {
            failure = YamuxFailure.FLOOD;
            return false;
        }
        replies++;
        return true;
    }

    private void peerFinished(Stream stream) {
        stream.peerHasFinished = true;
        if (stream.hasFinished) {
            streams.remove(stream.id);
        }
        expected.add("finished " + stream.id);
    }

    private void weFinished(Stream stream) {
        stream.hasFinished = true;
        if (stream.peerHasFinished) {
            streams.remove(stream.id);
        }
    }

    /** The number that the next stream of ours gets; -1 if there may be none. */
    int open() {
        long fresh =
                streams.values().stream().filter(s -> s.isOurs && s.isFresh).count();
        if (hasGoneAway || peerHasGoneAway || fresh >= settings.backlog()) {
            return -1;
        }
        while (streams.containsKey((int) nextStream)) {
            nextStream += 2;
        }
        int id = (int) nextStream;
        nextStream += 2;
        opened++;
        streams.put(id, new Stream(id, true, settings.windowBytes()));
        return id;
    }

    void write(Stream stream, int length) {
        stream.isBegun |= length > 0;
        long sent = stream.waiting > 0 ? 0 : Math.min(stream.sendWindow, length);
        stream.sendWindow -= sent;
        stream.waiting += length - sent;
        stream.written += length;
    }

    void finish(Stream stream) {
        if (!stream.isBegun) {
            streams.remove(stream.id);
            return;
        }
        boolean isFirst = !stream.isFinishing;
        stream.isFinishing = true;
        if (isFirst && stream.waiting == 0) {
            weFinished(stream);
        }
    }

    void consumed(Stream stream, int bytes) {
        stream.unconsumed -= bytes;
        stream.returnable += bytes;
        if (stream.returnable >= settings.windowBytes() / 2 && !stream.peerHasFinished) {
            stream.receiveWindow += stream.returnable;
            stream.returnable = 0;
        }
    }

    void pinged() {
        pings++;
    }

    void wentAway() {
        hasGoneAway = true;
    }

    /** So many bytes of output are left: no more replies can be among them than fit. */
    void drained(int bytesLeft) {
        replies = Math.min(replies, bytesLeft / 12);
    }
}
