package io.sotto.wire.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two sessions that talk over a connection that cuts anywhere. */
class YamuxRoundTripTest {
    private static final int STREAMS = 2_000;

    private final Random random = Seed.random();
    private final Side client = new Side(YamuxSession.client(YamuxSettings.defaults()));
    private final Side server = new Side(YamuxSession.server(YamuxSettings.defaults()));
    private int opened;

    /** One side: what it has written and read on each stream, which counts up from the stream's number. */
    private static final class Side extends ForwardedEvents {
        private final YamuxSession session;
        private final Map<Integer, Long> left = new HashMap<>();
        private final Map<Integer, Long> written = new HashMap<>();
        private final Map<Integer, Long> read = new HashMap<>();
        private final Map<Integer, Integer> unconsumed = new HashMap<>();
        private int finished;

        Side(YamuxSession session) {
            super(new RecordedEvents());
            this.session = session;
        }

        @Override
        public void opened(int id) {
            left.put(id, (long) id * 3 % 7_000);
        }

        @Override
        public void data(int id, byte[] array, int offset, int length) {
            long at = read.getOrDefault(id, 0L);
            for (int i = 0; i < length; i++) {
                assertThat(array[offset + i]).as(Seed.hint()).isEqualTo((byte) (id + at + i));
            }
            read.put(id, at + length);
            unconsumed.merge(id, length, Integer::sum);
        }

        @Override
        public void finished(int id) {
            finished++;
            unconsumed.remove(id);
        }

        @Override
        public void writable(int id) {}

        void writeSome(int id, int count) {
            byte[] bytes = new byte[count];
            long at = written.getOrDefault(id, 0L);
            for (int i = 0; i < count; i++) {
                bytes[i] = (byte) (id + at + i);
            }
            session.write(id, bytes, 0, count);
            written.put(id, at + count);
            left.merge(id, (long) -count, Long::sum);
        }
    }

    @Test
    void everyByteOfEveryStreamArrivesOnceAndInOrder() {
        for (int step = 0; server.finished < STREAMS || client.finished < STREAMS; step++) {
            assertThat(step).as(Seed.hint()).isLessThan(2_000_000);
            if (opened < STREAMS && client.session.mayOpen() && random.nextInt(3) == 0) {
                int id = client.session.open();
                opened++;
                // Some of them are larger than the window.
                client.left.put(id, random.nextInt(50) == 0 ? 600_000L : 1L + random.nextInt(3_000));
            }
            use(client);
            use(server);
            carry(client, server);
            carry(server, client);
        }
        assertThat(client.read).as(Seed.hint()).isEqualTo(server.written);
        assertThat(server.read).as(Seed.hint()).isEqualTo(client.written);
        assertThat(client.session.streams()).isZero();
        assertThat(server.session.streams()).isZero();
        assertThat(client.session.hasFailed() || server.session.hasFailed()).isFalse();
        assertThat(server.session.refusedStreams()).isZero();
    }

    private void use(Side side) {
        side.left.entrySet().stream()
                .skip(side.left.isEmpty() ? 0 : random.nextInt(side.left.size()))
                .findFirst()
                .ifPresent(any -> {
                    int id = any.getKey();
                    if (any.getValue() > 0) {
                        side.writeSome(id, (int) Math.min(any.getValue(), 1 + random.nextInt(200_000)));
                    } else {
                        side.session.finish(id);
                        side.left.remove(id);
                    }
                });
        if (random.nextInt(3) == 0) {
            side.unconsumed.forEach(side.session::consumed);
            side.unconsumed.clear();
        }
    }

    private void carry(Side from, Side to) {
        byte[] wire = new byte[random.nextInt(4) == 0 ? 65_536 : 1 + random.nextInt(3_000)];
        int offset = random.nextInt(wire.length);
        int count = from.session.drain(wire, offset, wire.length - offset);
        assertThat(to.session.receive(wire, offset, count, to)).as(Seed.hint()).isTrue();
    }
}
