package io.sotto.interop;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Has every agent read something through the servers, over and over, and remembers each read that failed. */
final class ReadVigil implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int READS_BETWEEN_STEPS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<ScheduledExecutorService> readers = new ArrayList<>();
    private final List<Future<?>> reads = new ArrayList<>();
    private final List<AtomicLong> counts = new ArrayList<>();

    private final String method;
    private final String request;

    private ReadVigil(String method, String request) {
        this.method = method;
        this.request = request;
    }

    /** Begins to read a key, through the leader. */
    static ReadVigil over(List<? extends HttpNode> agents) {
        return over(agents, "KVS.Get", "{\"Key\":\"what all read\"}", INTERVAL);
    }

    /** Begins to call this method of the servers, each agent once in an interval as long as it has its answers in time. */
    static ReadVigil over(List<? extends HttpNode> agents, String method, String request, Duration interval) {
        ReadVigil vigil = new ReadVigil(method, request);
        for (HttpNode agent : agents) {
            AtomicLong count = new AtomicLong();
            // Each by itself, so that one that waits for a leader keeps no other from reading.
            ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
            vigil.reads.add(reader.scheduleAtFixedRate(
                    () -> vigil.read(agent, count), 0, interval.toMillis(), TimeUnit.MILLISECONDS));
            vigil.readers.add(reader);
            vigil.counts.add(count);
        }
        return vigil;
    }

    private void read(HttpNode agent, AtomicLong count) {
        HttpResponse<String> answer = agent.api().put("/v1/agent/rpc/" + method, request);
        if (answer.statusCode() != 200) {
            failures.add(agent.name() + ": " + answer.statusCode() + " " + answer.body());
        }
        count.incrementAndGet();
    }

    /** How many reads have ended, well or badly. */
    long reads() {
        return counts.stream().mapToLong(AtomicLong::get).sum();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until every agent has read some more. */
    void awaitReads() {
        List<Long> enough =
                counts.stream().map(count -> count.get() + READS_BETWEEN_STEPS).toList();
        Awaitility.await("reads go on")
                .atMost(PATIENCE)
                .failFast(() -> {
                    if (reads.stream().anyMatch(Future::isDone)) {
                        throw new AssertionError("an agent does not answer");
                    }
                })
                .until(() -> {
                    for (int i = 0; i < enough.size(); i++) {
                        if (counts.get(i).get() < enough.get(i)) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    @Override
    public void close() {
        readers.forEach(ScheduledExecutorService::shutdownNow);
    }
}
