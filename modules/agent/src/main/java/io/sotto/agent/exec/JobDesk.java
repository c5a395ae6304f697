package io.sotto.agent.exec;

import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.QueryOptions;
import io.sotto.wire.rpc.consul.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One job's place among the servers' keys: reads it, says that it will be run, and writes what comes of it. Every key is
 * locked with the session of whoever asked, so that nothing can be written once that has ended. Immutable; safe to use from
 * every thread. Source: agent behaviour, section 8.
 */
final class JobDesk {
    static final String UNKNOWN = "unknown";

    private final ConsulRpc consul;
    private final JobKeys keys;
    private final String session;
    private final String node;

    /** What became of the reading of a job. */
    sealed interface Taken {
        /** It is ours to run; the initiator knows. */
        record Ready(JobSpec spec, String from) implements Taken {}

        /** It is not to be run. */
        record Nothing(String reason) implements Taken {}
    }

    JobDesk(ConsulRpc consul, ExecEvent event, String node) {
        this.consul = consul;
        this.keys = event.keys();
        this.session = event.session();
        this.node = node;
    }

    /** Reads the job and says that it will be run. */
    CompletableFuture<Taken> take() {
        // Any server may answer, for there may be many of us; one that lags behind does not have the job yet.
        return consul.kvGet(keys.job(), QueryOptions.defaults().stale(Duration.ZERO))
                .thenCompose(outcome ->
                        entries(outcome).isEmpty() && failure(outcome).isEmpty()
                                ? consul.kvGet(keys.job(), QueryOptions.defaults())
                                : CompletableFuture.completedFuture(outcome))
                .thenCompose(this::acknowledge);
    }

    /** Writes a key; empty if that was done, else why not. */
    CompletableFuture<Optional<String>> write(String key, Octets value) {
        Kvs.Entry entry = Kvs.Entry.of(key, value).withSession(session);
        return consul.kvApply(Kvs.Operation.LOCK, entry)
                .thenApply(outcome -> failure(outcome)
                        .or(() -> outcome.answer()
                                .filter(done -> !done)
                                .map(refused -> "the session of the initiator has ended")));
    }

    private CompletableFuture<Taken> acknowledge(RpcOutcome<Kvs.Entries> outcome) {
        Optional<String> failure = failure(outcome);
        if (failure.isPresent()) {
            return nothing("failed to get remote exec job: " + failure.get());
        }
        List<Kvs.Entry> found = entries(outcome);
        if (found.isEmpty()) {
            return nothing("remote exec aborted, job spec missing");
        }
        Optional<JobSpec> spec = JobSpec.decode(found.get(0).value());
        if (spec.isEmpty()) {
            return nothing("failed to decode remote exec spec");
        }
        return write(keys.ack(node), Octets.empty())
                .thenCompose(refused -> refused.isPresent()
                        ? nothing("failed to ack remote exec job: " + refused.get())
                        : from().thenApply(from -> new Taken.Ready(spec.get(), from)));
    }

    private CompletableFuture<String> from() {
        return consul.session(session, QueryOptions.defaults().stale(Duration.ZERO))
                .thenApply(outcome -> outcome.answer().stream()
                        .flatMap(listing -> listing.sessions().stream())
                        .map(Sessions.Session::node)
                        .filter(name -> name.chars().noneMatch(Character::isISOControl))
                        .findFirst()
                        .orElse(UNKNOWN));
    }

    private static CompletableFuture<Taken> nothing(String reason) {
        return CompletableFuture.completedFuture(new Taken.Nothing(reason));
    }

    private static List<Kvs.Entry> entries(RpcOutcome<Kvs.Entries> outcome) {
        return outcome.answer().map(Kvs.Entries::entries).orElse(List.of());
    }

    private static Optional<String> failure(RpcOutcome<?> outcome) {
        if (outcome instanceof RpcOutcome.Answer<?>) {
            return Optional.empty();
        }
        if (outcome instanceof RpcOutcome.Unreadable<?> unreadable) {
            return Optional.of("unreadable answer: " + unreadable.reason());
        }
        RpcResult result = ((RpcOutcome.NoAnswer<?>) outcome).result();
        if (result instanceof RpcResult.Failed failed) {
            return Optional.of(failed.text());
        }
        return Optional.of(
                result instanceof RpcResult.Unreachable unreachable ? unreachable.reason() : String.valueOf(result));
    }
}
