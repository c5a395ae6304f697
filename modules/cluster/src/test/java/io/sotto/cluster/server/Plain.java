package io.sotto.cluster.server;

import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackTree;
import java.util.List;
import java.util.Map;

/** A reply as maps, lists, texts and numbers; nil is the text {@code nil}. */
final class Plain implements MsgpackTree.Shape<Object> {
    static final String NIL = "nil";

    static Object of(RpcAnswer answer) {
        return MsgpackTree.read(((RpcAnswer.Reply) answer).body(), new Plain()).orElseThrow();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> fields(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> elements(Object value) {
        return (List<Object>) value;
    }

    @Override
    public Object nil() {
        return NIL;
    }

    @Override
    public Object bool(boolean value) {
        return value;
    }

    @Override
    public Object whole(long value) {
        return value;
    }

    @Override
    public Object fraction(double value) {
        return value;
    }

    @Override
    public Object raw(Octets value) {
        return WireText.decode(value);
    }

    @Override
    public Object binary(Octets value) {
        return value;
    }

    @Override
    public Object list(List<Object> elements) {
        return elements;
    }

    @Override
    public Object map(Map<String, Object> entries) {
        return entries;
    }
}
