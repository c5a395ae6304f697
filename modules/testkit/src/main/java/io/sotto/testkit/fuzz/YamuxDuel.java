package io.sotto.testkit.fuzz;

import io.sotto.testkit.fuzz.YamuxModel.Stream;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One session against a hostile peer and a busy user, each step compared with the model. */
final class YamuxDuel implements YamuxEvents {
    private static final int HEADER_BYTES = 12;
    private static final int PAYLOAD_MAX = 3_000;

    private final YamuxSession session;
    private final YamuxModel model;
    private final Chance chance;
    private final YamuxAudit audit = new YamuxAudit();
    private final List<String> told = new ArrayList<>();
    /** How often the peer breaks a rule, and how seldom it reads. */
    private final int breachOneIn;

    private final int drainOneIn;

    private int frames;
    private long bytes;

    YamuxDuel(YamuxSession session, YamuxModel model, Chance chance) {
        this.session = session;
        this.model = model;
        this.chance = chance;
        this.breachOneIn = chance.oneIn(2) ? 40 : 1_000;
        this.drainOneIn = chance.oneIn(10) ? 2_000 : 8;
    }

    int frames() {
        return frames;
    }

    long bytes() {
        return bytes + audit.bytes();
    }

    void fight(int mostFrames) {
        while (frames < mostFrames && !session.hasFailed()) {
            if (chance.oneIn(3)) {
                use();
            } else {
                attack();
            }
            if (chance.oneIn(drainOneIn)) {
                drain(chance.oneIn(3) ? chance.between(1, 100) : Integer.MAX_VALUE);
            }
            compare();
        }
        if (!session.hasFailed()) {
            endAll();
            check(session.streams() == 0, "streams are left: " + session.streams());
        }
        drain(Integer.MAX_VALUE);
        audit.end(session.failure());
    }

    /** One frame of the peer that is in order, or that real peers bear with. */
    private void attack() {
        if (chance.oneIn(breachOneIn)) {
            breach();
            return;
        }
        int roll = chance.below(1_000);
        int id = anyStream();
        Stream stream = model.streams().get(id);
        if (roll < 450) {
            long room = stream == null ? PAYLOAD_MAX : stream.receiveWindow;
            int unknown = chance.oneIn(100) ? chance.below(0x10000) & ~0xf : 0;
            long length = chance.oneIn(100) ? 60_000 : chance.below(PAYLOAD_MAX);
            send(0, 0, flags(stream) | unknown, id, Math.min(room, length));
        } else if (roll < 700) {
            send(0, 1, flags(stream), id, chance.oneIn(100) ? chance.lie(1, 0xffff_ffffL) : chance.below(200_000));
        } else if (roll < 850) {
            int fresh = chance.between(0, 4_000);
            send(0, 1, model.streams().containsKey(fresh) ? 0 : YamuxModel.SYN, fresh, 0);
        } else if (roll < 930) {
            send(0, 2, YamuxModel.SYN, chance.below(3), chance.pick(0, 1, 0xffff_ffffL));
        } else {
            send(0, 2, YamuxModel.ACK, 0, chance.oneIn(4) ? 0xffff_ffffL : chance.below(1 + model.pings()));
        }
    }

    /** One frame that ends the session, or would if its stream were another. */
    private void breach() {
        int id = anyStream();
        Stream stream = model.streams().get(id);
        switch (chance.below(7)) {
            case 0 -> send(chance.between(1, 255), chance.below(8), chance.below(0x10000), id, chance.below(9));
            case 1 -> send(0, chance.between(4, 255), chance.below(0x10000), id, chance.below(9));
            case 2 -> send(0, 3, 0, 0, chance.pick(0, 1, 2, 3, 0xffff_ffffL));
            case 3 -> send(0, chance.below(2), YamuxModel.SYN, id, chance.below(9));
            case 4 -> send(0, 0, 0, id, stream == null ? 9 : stream.receiveWindow + 1);
            case 5 -> {
                send(0, 1, YamuxModel.FIN, id, 0);
                if (!session.hasFailed()) {
                    compare();
                    send(0, chance.below(2), YamuxModel.FIN, id, 0);
                }
            }
            default -> send(0, chance.below(8), chance.below(0x10000), id, chance.below(9));
        }
    }

    private int flags(@Nullable Stream stream) {
        if (stream == null) {
            return chance.oneIn(2) ? 0 : chance.oneIn(8) ? YamuxModel.SYN | YamuxModel.FIN : YamuxModel.SYN;
        }
        int flags = chance.oneIn(5) ? YamuxModel.ACK : 0;
        flags |= chance.oneIn(12) && !stream.peerHasFinished ? YamuxModel.FIN : 0;
        return flags | (chance.oneIn(30) ? YamuxModel.RST : 0);
    }

    private void send(int version, int type, int flags, int id, long claimed) {
        // A lie may be one more than a header can say.
        long length = claimed & 0xffff_ffffL;
        int payload = type == 0 && version == 0 ? (int) length : 0;
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + payload)
                .put((byte) version)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(id)
                .putInt((int) length);
        Stream stream = model.streams().get(id);
        long from = stream == null || (flags & YamuxModel.SYN) != 0 ? 0 : stream.received;
        for (int i = 0; i < payload; i++) {
            frame.put((byte) (from + i));
        }
        if ((flags & YamuxModel.SYN) != 0 && (flags & YamuxModel.FIN) != 0) {
            drain(Integer.MAX_VALUE);
        }
        audit.sees(version, type, flags, id, length);
        model.frame(version, type, flags, id, length);
        frames++;
        boolean lives = true;
        byte[] array = frame.array();
        for (int at = 0; at < array.length && lives; ) {
            int count = chance.oneIn(2) ? array.length - at : Math.min(array.length - at, chance.between(1, 40));
            lives = session.receive(array, at, count, this);
            at += count;
        }
        check(lives == (model.failure() == YamuxFailure.NONE), "lives: " + lives + ", model: " + model.failure());
    }

    /** One thing that a user does. */
    private void use() {
        int roll = chance.below(100);
        if (roll < 25) {
            int expected = model.open();
            check(session.open() == expected, "the next stream is not " + expected);
            return;
        } else if (roll < 30) {
            check(session.ping() == model.pings(), "the next ping is not " + model.pings());
            model.pinged();
            return;
        } else if (roll == 30 && chance.oneIn(20)) {
            session.goAway(0);
            if (!audit.hasGoneAway()) {
                audit.wentAway();
                model.wentAway();
                model.pinged();
            }
            return;
        }
        Stream stream = model.streams().get(anyStream());
        if (stream == null) {
            return;
        }
        if (roll < 60 && !stream.isFinishing) {
            write(stream, chance.oneIn(100) ? chance.below(400_000) : chance.below(2_000));
        } else if (roll < 85 && stream.unconsumed > 0) {
            int count = chance.oneIn(2) ? stream.unconsumed : chance.below(stream.unconsumed + 1);
            session.consumed(stream.id, count);
            model.consumed(stream, count);
        } else if (roll < 95) {
            session.finish(stream.id);
            model.finish(stream);
        } else {
            session.reset(stream.id);
            model.streams().remove(stream.id);
        }
    }

    private void write(Stream stream, int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (stream.written + i);
        }
        session.write(stream.id, content, 0, length);
        model.write(stream, length);
    }

    /** Ends every stream on both sides, as a peer that keeps to the rules would. */
    private void endAll() {
        for (Stream stream : new ArrayList<>(model.streams().values())) {
            session.finish(stream.id);
            model.finish(stream);
            if (model.streams().containsKey(stream.id)) {
                send(0, 1, YamuxModel.ACK, stream.id, 10_000_000);
            }
            if (model.streams().containsKey(stream.id) && !stream.peerHasFinished) {
                send(0, 1, YamuxModel.FIN, stream.id, 0);
            }
            compare();
            drain(Integer.MAX_VALUE);
        }
    }

    private void compare() {
        List<String> expected = model.takeExpected();
        check(told.equals(expected), "told " + told + ", expected " + expected);
        told.clear();
        check(session.failure() == model.failure(), "ended by " + session.failure() + ", not " + model.failure());
        if (!session.hasFailed()) {
            check(session.streams() == model.streams().size(), "streams: " + session.streams());
            Stream any = model.streams().get(anyStream());
            check(any == null || session.pending(any.id) == any.waiting, "other bytes wait");
        }
    }

    private void drain(int max) {
        byte[] output = new byte[Math.min(session.outputLength(), max)];
        int count = session.drain(output, 0, output.length);
        check(count == output.length, "drained " + count + " of " + output.length);
        model.drained(session.outputLength());
        audit.take(output);
        if (!session.hasFailed() && chance.oneIn(50)) {
            check(session.tick(0, this), "time does not pass");
        }
    }

    private int anyStream() {
        if (model.streams().isEmpty() || chance.oneIn(20)) {
            return chance.oneIn(10) ? chance.random().nextInt() : chance.between(0, 50);
        }
        Integer near = model.streams()
                .ceilingKey(chance.below(
                        model.streams().lastKey() <= 0 ? 1 : model.streams().lastKey() + 1));
        Iterator<Integer> first = model.streams().keySet().iterator();
        return near == null ? first.next() : near;
    }

    private static void check(boolean holds, String fault) {
        if (!holds) {
            throw new AssertionError(fault);
        }
    }

    @Override
    public void opened(int id) {
        told.add("opened " + id);
    }

    @Override
    public void data(int id, byte[] array, int offset, int length) {
        bytes += length;
        String mark = "data " + id + " ";
        String last = told.isEmpty() ? "" : told.get(told.size() - 1);
        long before = last.startsWith(mark) ? Long.parseLong(last.substring(mark.length())) : 0;
        if (before > 0) {
            told.remove(told.size() - 1);
        }
        told.add(mark + (before + length));
        Stream stream = model.streams().get(id);
        if (stream != null) {
            for (int i = 0; i < length; i++) {
                check(array[offset + i] == (byte) (stream.received + i), "another byte on stream " + id);
            }
            stream.received += length;
        }
    }

    @Override
    public void writable(int id) {
        told.add("writable " + id);
    }

    @Override
    public void finished(int id) {
        told.add("finished " + id);
    }

    @Override
    public void reset(int id) {
        told.add("reset " + id);
    }

    @Override
    public void pong(int opaque) {
        told.add("pong " + Integer.toUnsignedLong(opaque));
    }

    @Override
    public void goneAway(int code) {
        told.add("gone away " + Integer.toUnsignedLong(code));
    }
}
