package io.sotto.agent.cli;

import io.sotto.agent.exec.ExecProgress;
import io.sotto.agent.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lines of {@code sotto exec}, in the words of the real tool, or one JSON object each. What other machines wrote cannot
 * steer the terminal. Pure. Source: golden/exec-session.
 */
final class ExecText {
    private static final String ARROW = "==>";
    private static final String NO_ARROW = "   ";

    private ExecText() {}

    /** The lines for one event; empty for what only {@code -verbose} tells. */
    static String lines(ExecProgress.Event event, boolean verbose) {
        if (event instanceof ExecProgress.Event.Acknowledged ack) {
            return verbose ? prefixed(ARROW, ack.node(), "acknowledged") : "";
        }
        if (event instanceof ExecProgress.Event.Heartbeat beat) {
            return verbose ? prefixed(ARROW, beat.node(), "heartbeat received") : "";
        }
        if (event instanceof ExecProgress.Event.Said said) {
            return prefixed(NO_ARROW, said.node(), text(said));
        }
        if (event instanceof ExecProgress.Event.Finished end) {
            return prefixed(ARROW, end.node(), "finished with exit code " + end.code());
        }
        return "";
    }

    static Json json(ExecProgress.Event event) {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (event instanceof ExecProgress.Event.Acknowledged ack) {
            return object(fields, "acknowledged", ack.node());
        }
        if (event instanceof ExecProgress.Event.Heartbeat beat) {
            return object(fields, "heartbeat", beat.node());
        }
        if (event instanceof ExecProgress.Event.Said said) {
            object(fields, "output", said.node());
            fields.put("text", Json.of(text(said)));
            return new Json.Fields(fields);
        }
        if (event instanceof ExecProgress.Event.Finished end) {
            object(fields, "finished", end.node());
            fields.put("code", Json.of(end.code()));
            return new Json.Fields(fields);
        }
        fields.put("event", Json.of("strange"));
        fields.put("reason", Json.of(((ExecProgress.Event.Strange) event).reason()));
        return new Json.Fields(fields);
    }

    private static Json object(Map<String, Json> fields, String event, String node) {
        fields.put("event", Json.of(event));
        fields.put("node", Json.of(node));
        return new Json.Fields(fields);
    }

    private static String text(ExecProgress.Event.Said said) {
        return new String(said.bytes().toArray(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    /** Each line after the node's name; nothing blank at the very end. */
    private static String prefixed(String arrow, String node, String text) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            out.append(arrow).append(' ').append(node).append(": ").append(line).append('\n');
        }
        return Terminal.printable(out.toString().stripTrailing());
    }
}
