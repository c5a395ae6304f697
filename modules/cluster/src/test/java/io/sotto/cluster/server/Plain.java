package io.sotto.cluster.server;

import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.consul.ConsulMethods;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A reply as the caller reads it, as maps, lists, texts and numbers. */
final class Plain {
    private Plain() {}

    static Object of(String method, RpcAnswer answer) {
        Decoding<Object> decoded =
                ConsulMethods.find(method).orElseThrow().answers().decodeTree(((RpcAnswer.Reply) answer).body());
        return ((Decoding.Value<Object>) decoded).value();
    }

    /** What is at the end of these names and places. */
    static Object at(Object value, Object... path) {
        Object found = value;
        for (Object step : path) {
            found = step instanceof Integer place
                    ? elements(found).get(place)
                    : Objects.requireNonNull(fields(found).get(String.valueOf(step)), String.valueOf(step));
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> fields(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    static List<Object> elements(@Nullable Object value) {
        return (List<Object>) Objects.requireNonNull(value);
    }
}
