package io.sotto.interop;

import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.pool.Callee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Calls every callee from every caller, over and over, and remembers each call that did not come back with its own words.
 */
final class CallVigil implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final List<Pair> pairs = new ArrayList<>();
    private final String words;
    private volatile String phase = "at first";

    private record Pair(RpcMember from, Callee to) {}

    private CallVigil(String words) {
        this.words = words;
    }

    /** Begins to call, each pair once in an interval, whether or not the calls before have ended. */
    static CallVigil over(List<RpcMember> callers, List<Callee> callees, String words, Duration interval) {
        CallVigil vigil = new CallVigil(words);
        callers.forEach(caller -> callees.stream()
                .filter(callee -> !callee.equals(Callee.member(caller.name())))
                .forEach(callee -> vigil.pairs.add(new Pair(caller, callee))));
        var unused = vigil.clock.scheduleAtFixedRate(vigil::round, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return vigil;
    }

    /** What is being done from now on, for whoever reads of a failure. */
    void phase(String now) {
        phase = now;
    }

    private void round() {
        pairs.forEach(this::call);
    }

    private void call(Pair pair) {
        String expected = words + " " + begun.incrementAndGet();
        String when = phase;
        var unused = pair.from
                .sotto()
                .rpc()
                .call(pair.to, RpcMember.ECHO, expected, TIMEOUT)
                .whenComplete((outcome, failure) -> {
                    if (!(outcome instanceof RpcOutcome.Answer<String> answer
                            && answer.value().equals(expected))) {
                        failures.add(when + ": " + pair.from + " to " + pair.to + ": "
                                + (failure == null ? outcome : failure));
                    }
                    ended.incrementAndGet();
                });
    }

    /** Calls that have ended, well or badly. */
    long ended() {
        return ended.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many calls one round makes. */
    int pairs() {
        return pairs.size();
    }

    /** Stops to call, and lets every call that has begun come to its end. */
    @Override
    public void close() {
        clock.shutdownNow();
        Awaitility.await("calls end").atMost(TIMEOUT.multipliedBy(2)).until(() -> ended.get() == begun.get());
    }
}
