package io.sotto.bench.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of {@link StreamsEcho}: frames of what is called go out joined, and answers come back in their order. Runs
 * once. {@link #call} is safe from every thread; what is called from within an answer needs no wake-up. Source: ours.
 */
final class EchoCalls extends GraphStage<FlowShape<ByteString, ByteString>> {
    private static final int HEADER = 4;

    private static final class Waiting {
        final byte[] payload;
        final EchoSide.Answer answer;

        Waiting(byte[] payload, EchoSide.Answer answer) {
            this.payload = payload;
            this.answer = answer;
        }
    }

    private final Inlet<ByteString> in = Inlet.create("EchoCalls.in");
    private final Outlet<ByteString> out = Outlet.create("EchoCalls.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final int joinMax;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    /** Whether somebody will look at {@link #waiting} anyway. */
    private final AtomicBoolean awake = new AtomicBoolean(true);

    private volatile @Nullable AsyncCallback<Done> wake;

    EchoCalls(int joinMax) {
        this.joinMax = joinMax;
    }

    void call(byte[] payload, EchoSide.Answer answer) {
        waiting.add(new Waiting(payload, answer));
        AsyncCallback<Done> callback = wake;
        if (callback != null && awake.compareAndSet(false, true)) {
            callback.invoke(Done.getInstance());
        }
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private final ArrayDeque<Waiting> sent = new ArrayDeque<>();
        private int headerRead;
        private int length;
        private int bodyLeft;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    awake.set(true);
                    for (ByteBuffer buffer : grab(in).getByteBuffers()) {
                        read(buffer);
                    }
                    pull(in);
                    send();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    send();
                }
            });
        }

        @Override
        public void preStart() {
            wake = createAsyncCallback(ignored -> send());
            pull(in);
        }

        private void read(ByteBuffer buffer) {
            while (buffer.hasRemaining()) {
                if (headerRead < HEADER) {
                    length = (length << 8) | (buffer.get() & 0xff);
                    if (++headerRead == HEADER) {
                        bodyLeft = length;
                    }
                    continue;
                }
                int taken = Math.min(bodyLeft, buffer.remaining());
                buffer.position(buffer.position() + taken);
                bodyLeft -= taken;
                if (bodyLeft == 0) {
                    int whole = length;
                    headerRead = 0;
                    length = 0;
                    sent.remove().answer.answered(whole);
                }
            }
        }

        private void send() {
            awake.set(false);
            if (!isAvailable(out) || waiting.isEmpty()) {
                return;
            }
            int first = sent.size();
            int size = 0;
            Waiting next;
            while (size < joinMax && (next = waiting.poll()) != null) {
                sent.add(next);
                size += HEADER + next.payload.length;
            }
            ByteBuffer joined = ByteBuffer.allocate(size);
            sent.stream()
                    .skip(first)
                    .forEach(call -> joined.putInt(call.payload.length).put(call.payload));
            push(out, ByteString.fromArrayUnsafe(joined.array()));
        }
    }
}
