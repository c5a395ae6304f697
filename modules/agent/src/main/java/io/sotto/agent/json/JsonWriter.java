package io.sotto.agent.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes a {@link Json} tree, compact or indented. */
final class JsonWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder();
    private final String indent;

    private JsonWriter(String indent) {
        this.indent = indent;
    }

    static String write(Json json, String indent) {
        JsonWriter writer = new JsonWriter(indent);
        writer.value(json, 0);
        return writer.out.toString();
    }

    private void value(Json json, int depth) {
        if (json instanceof Json.Fields object) {
            object(object.fields(), depth);
        } else if (json instanceof Json.Elements array) {
            array(array.elements(), depth);
        } else if (json instanceof Json.Text text) {
            string(text.value());
        } else if (json == Json.Nothing.INSTANCE) {
            out.append("null");
        } else {
            out.append(json.asText());
        }
    }

    private void object(Map<String, Json> fields, int depth) {
        out.append('{');
        Iterator<Map.Entry<String, Json>> entries = fields.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Json> entry = entries.next();
            newLine(depth + 1);
            string(entry.getKey());
            out.append(indent.isEmpty() ? ":" : ": ");
            value(entry.getValue(), depth + 1);
            if (entries.hasNext()) {
                out.append(',');
            }
        }
        if (!fields.isEmpty()) {
            newLine(depth);
        }
        out.append('}');
    }

    private void array(List<Json> elements, int depth) {
        out.append('[');
        for (int i = 0; i < elements.size(); i++) {
            newLine(depth + 1);
            value(elements.get(i), depth + 1);
            if (i + 1 < elements.size()) {
                out.append(',');
            }
        }
        if (!elements.isEmpty()) {
            newLine(depth);
        }
        out.append(']');
    }

    private void newLine(int depth) {
        if (!indent.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void string(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
