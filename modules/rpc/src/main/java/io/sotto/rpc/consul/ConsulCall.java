package io.sotto.rpc.consul;

import io.sotto.wire.Octets;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.TreeException;
import io.sotto.wire.rpc.consul.ConsulMethod;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Internal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A call that a person wrote: the name of a method, and its request as JSON has it. Requests and answers are trees of {@code
 * Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Number}, {@code Boolean} and {@link Nil#NIL}: fields by
 * their names on the wire, bytes in base64, times as RFC 3339, durations in nanoseconds or as {@code 10s}.
 *
 * <p>Immutable. Source: ours, with the spelling of Consul's own HTTP API.
 *
 * @param method service and method
 * @param body the request, ready to be sent
 * @param waiting for how long a server may wait before it answers; zero if it answers at once
 */
public record ConsulCall(String method, Octets body, Duration waiting) {
    /** What became of the words of a person. */
    public sealed interface Reading {
        /** They are a call. */
        record Ready(ConsulCall call) implements Reading {}

        /**
         * They are not.
         *
         * @param reason what is wrong and, where it helps, what there is instead
         */
        record Refused(String reason) implements Reading {}
    }

    /** The same without a token. */
    public static Reading read(String method, Object request, String datacenter) {
        return read(method, request, datacenter, "");
    }

    /**
     * Reads a call. What the request leaves out is zero, except for datacenter and token.
     *
     * @param request a tree, or {@link Nil#NIL} for a request that says nothing
     * @param datacenter for a request that takes one and does not say which
     * @param token for a request that takes one and has none; empty for none
     */
    public static Reading read(String method, Object request, String datacenter, String token) {
        Map<String, String> usual =
                token.isEmpty() ? Map.of("Datacenter", datacenter) : Map.of("Datacenter", datacenter, "Token", token);
        return ConsulMethods.find(method)
                .map(known -> read(known, request, usual))
                .orElseGet(() ->
                        new Reading.Refused("no method '" + method + "'; there are " + String.join(", ", methods())));
    }

    /** The methods that can be called, in ascending order. */
    public static List<String> methods() {
        return ConsulMethods.all().stream().map(ConsulMethod::name).sorted().toList();
    }

    /** An answer as a tree, fields of newer servers included. */
    public Decoding<Object> answer(Octets answer) {
        return ConsulMethods.find(method).orElseThrow().answers().decodeTree(answer);
    }

    private static <Q> Reading read(ConsulMethod<Q, ?> method, Object request, Map<String, String> usual) {
        try {
            Map<?, ?> empty =
                    (Map<?, ?>) method.requests().toTree(method.requests().zero());
            Object tree = request == Nil.NIL ? Map.of() : request;
            if (tree instanceof Map<?, ?> fields) {
                Map<Object, Object> filled = new LinkedHashMap<>(fields);
                usual.forEach((field, value) -> {
                    if (empty.containsKey(field)) {
                        filled.putIfAbsent(field, value);
                    }
                });
                tree = filled;
            }
            Q typed = method.requests().fromTree(tree);
            if (typed instanceof Internal.Keyring keyring
                    && Internal.KeyringAction.of(keyring.operation()).isEmpty()) {
                return new Reading.Refused("Operation: expected list, install, use or remove, not '"
                        + keyring.operation() + "'; real servers end over any other");
            }
            Duration waiting = Waits.of(method.requests().toTree(typed));
            return new Reading.Ready(
                    new ConsulCall(method.name(), method.requests().encode(typed), waiting));
        } catch (TreeException e) {
            return new Reading.Refused(method.name() + ": " + e.getMessage());
        }
    }
}
