package io.sotto.bench.fuzz;

import io.sotto.testkit.fuzz.FuzzCase;
import io.sotto.testkit.fuzz.FuzzKind;
import io.sotto.testkit.fuzz.FuzzTarget;
import io.sotto.testkit.fuzz.Fuzzer;
import io.sotto.testkit.fuzz.Verdict;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.stream.StreamMessage;
import io.sotto.wire.stream.StreamPolicy;
import io.sotto.wire.stream.StreamProgress;
import io.sotto.wire.stream.StreamReader;
import io.sotto.wire.stream.StreamRole;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Sends requests over connections of their own, some at a time, from many loopback addresses, and reads the answers. */
final class StreamSender {
    private static final int AT_ONCE = 8;
    private static final int CONNECT_MILLIS = 5_000;

    /** Longer than the agent lets any connection live. */
    private static final int ANSWER_MILLIS = 20_000;

    private final InetSocketAddress to;
    private final FuzzTarget target;
    private final long seed;
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder unconnected = new LongAdder();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    StreamSender(InetSocketAddress to, FuzzTarget target, long seed) {
        this.to = to;
        this.target = target;
        this.seed = seed;
    }

    /** Sends the first {@code count} cases and waits for their ends. */
    void send(long count) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        CountDownLatch done = new CountDownLatch(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            Thread thread = new Thread(
                    () -> {
                        Fuzzer fuzzer = Fuzzer.create(seed, target);
                        Opener opener = new Opener();
                        for (long index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                            exchange(fuzzer.at(FuzzKind.STREAM, index), opener);
                        }
                        done.countDown();
                    },
                    "fuzz-stream-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }

    private void exchange(FuzzCase made, Opener opener) {
        try (Socket socket = new Socket()) {
            int host = (int) (made.index() % 200) + 1;
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 92, 7, (byte) host}), 0));
            socket.setSoTimeout(ANSWER_MILLIS);
            try {
                socket.connect(to, CONNECT_MILLIS);
            } catch (IOException e) {
                unconnected.increment();
                return;
            }
            judge(made, answer(made, socket, opener));
        } catch (SocketTimeoutException e) {
            faults.add("still open after " + ANSWER_MILLIS / 1_000 + " s: " + made);
        } catch (IOException e) {
            // Closed in the middle of what was sent, which is one way to refuse it.
            closed.increment();
        }
    }

    private StreamProgress answer(FuzzCase made, Socket socket, Opener opener) throws IOException {
        StreamPolicy policy = new StreamPolicy(target.key().map(Keyring::of), true, true, target.label(), false, true);
        StreamReader reader = new StreamReader(StreamRole.ANSWER, policy, target.limits(), opener);
        socket.getOutputStream().write(made.bytes().toArray());
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[8 << 10];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            reader.feed(Octets.copyOf(chunk, 0, count));
        }
        return reader.end();
    }

    private void judge(FuzzCase made, StreamProgress answer) {
        if (!(answer instanceof StreamProgress.Complete complete)) {
            closed.increment();
        } else if (complete.message() instanceof StreamMessage.Swim swim && swim.message() instanceof SwimMessage.Err) {
            refused.increment();
        } else {
            answered.increment();
            if (made.verdict() == Verdict.MUST_BE_REJECTED) {
                faults.add("answered: " + made);
            }
        }
    }

    long answered() {
        return answered.sum();
    }

    /** Answered with an error. */
    long refused() {
        return refused.sum();
    }

    /** Closed without an answer. */
    long closed() {
        return closed.sum();
    }

    /** Not even connected. */
    long unconnected() {
        return unconnected.sum();
    }

    /** What should not have happened, with the case that it happened to. */
    Queue<String> faults() {
        return faults;
    }
}
