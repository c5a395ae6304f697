package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import java.util.List;
import java.util.Optional;

/** Messages of {@code Txn}: several writes and reads that happen together or not at all. */
public final class Txn {
    private Txn() {}

    public record Apply(String datacenter, List<Operation> ops, String token) {
        public Apply {
            ops = Nil.copy(ops);
        }

        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Apply[datacenter=" + datacenter + ", ops=" + ops + "]";
        }
    }

    /**
     * One operation: exactly one of these is there.
     *
     * @param intention a tree, or nil
     */
    public record Operation(
            @Name("KV") Optional<KeyOperation> kv,
            Object intention,
            Optional<NodeOperation> node,
            Optional<ServiceOperation> service,
            Optional<CheckOperation> check,
            Optional<SessionOperation> session) {
        /**
         * An operation on a key.
         *
         * @param verb that of a {@link Kvs.Operation}, or {@code get}, {@code get-tree}, {@code check-index},
         *     {@code check-session}, {@code check-not-exists}
         */
        public static Operation ofKey(String verb, Kvs.Entry entry) {
            return new Operation(
                    Optional.of(new KeyOperation(verb, entry)),
                    Nil.NIL,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    public record KeyOperation(String verb, Kvs.Entry dirEnt) {}

    public record NodeOperation(String verb, Node node) {}

    public record ServiceOperation(String verb, String node, NodeService service) {}

    public record CheckOperation(String verb, HealthCheck check) {}

    public record SessionOperation(String verb, Sessions.Session session) {}

    public record Outcome(List<Result> results, List<Failure> errors) {
        public Outcome {
            results = Nil.copy(results);
            errors = Nil.copy(errors);
        }
    }

    /** What one operation read or wrote: at most one of these is there. */
    public record Result(
            @Name("KV") Optional<Kvs.Entry> kv,
            Optional<Node> node,
            Optional<NodeService> service,
            Optional<HealthCheck> check) {}

    /** Why nothing was done. */
    public record Failure(int opIndex, String what) {}
}
