package io.sotto.bench.fuzz;

import io.sotto.testkit.fuzz.FuzzCase;
import io.sotto.testkit.fuzz.FuzzKind;
import io.sotto.testkit.fuzz.FuzzTarget;
import io.sotto.testkit.fuzz.Fuzzer;
import io.sotto.testkit.fuzz.LiveTarget;
import io.sotto.testkit.fuzz.StreamEnding;
import io.sotto.testkit.fuzz.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Sends requests over connections of their own, some at a time, from many loopback addresses, and reads the answers. */
final class StreamSender {
    private static final int AT_ONCE = 32;
    private static final int HOSTS = 200;

    /** Longer than the agent lets any connection live. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LiveTarget live;
    private final FuzzTarget target;
    private final long seed;
    private final Map<StreamEnding, Long> endings = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    StreamSender(InetSocketAddress to, FuzzTarget target, long seed) {
        this.live = LiveTarget.at(to, target);
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
                        for (long index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                            exchange(fuzzer.at(FuzzKind.STREAM, index));
                        }
                        done.countDown();
                    },
                    "fuzz-stream-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        done.await();
    }

    private void exchange(FuzzCase made) {
        try {
            byte[] host = {127, 92, 7, (byte) (made.index() % HOSTS + 1)};
            StreamEnding ending = live.exchange(made.bytes(), InetAddress.getByAddress(host), PATIENCE);
            endings.merge(ending, 1L, Long::sum);
            if (ending == StreamEnding.OPEN) {
                faults.add("left open: " + made);
            } else if (ending == StreamEnding.ANSWERED && made.verdict() == Verdict.MUST_BE_REJECTED) {
                faults.add("answered: " + made);
            } else if (ending != StreamEnding.ANSWERED && mustBeAnswered(made)) {
                faults.add("not answered: " + made);
            }
        } catch (IOException e) {
            faults.add("cannot be sent, " + e.getMessage() + ": " + made);
        }
    }

    /** Only an exchange always has an answer: a user message has none, and a ping may be for somebody else. */
    private static boolean mustBeAnswered(FuzzCase made) {
        return made.sound() && made.what().contains("push/pull");
    }

    long count(StreamEnding ending) {
        return endings.getOrDefault(ending, 0L);
    }

    /** What should not have happened, with the case that it happened to. */
    Queue<String> faults() {
        return faults;
    }
}
