package io.sotto.agent.config;

import io.sotto.agent.json.JsonException;
import io.sotto.agent.json.JsonReader;
import io.sotto.agent.json.JsonShape;
import java.util.List;
import java.util.Map;

/** Reads Consul's JSON files, strictly. */
final class JsonSource implements JsonShape<Node> {
    private final String file;

    private JsonSource(String file) {
        this.file = file;
    }

    /** The file's root table; faults are added to {@code faults} and give an empty one. */
    static Node.Table read(String file, String text, List<Fault> faults) {
        Place start = new Place(file, 1);
        try {
            Node root = JsonReader.read(text, new JsonSource(file));
            if (root instanceof Node.Table table) {
                return table;
            }
            faults.add(Fault.at(
                    Fault.Kind.SYNTAX,
                    root.place(),
                    "json: cannot unmarshal " + root.goType() + " into Go value of type map[string]interface {}"));
        } catch (JsonException e) {
            faults.add(Fault.at(Fault.Kind.SYNTAX, new Place(file, e.line()), e.text()));
        }
        return new Node.Table(Map.of(), start);
    }

    @Override
    public Node object(Map<String, Node> fields, int line) {
        return new Node.Table(fields, place(line));
    }

    @Override
    public Node array(List<Node> elements, int line) {
        return new Node.Sequence(elements, place(line));
    }

    @Override
    public Node text(String value, int line) {
        return new Node.Text(value, place(line));
    }

    @Override
    public Node number(String literal, int line) {
        double value = Double.parseDouble(literal);
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? new Node.Whole((long) value, "float64", place(line))
                : new Node.Fraction(value, place(line));
    }

    @Override
    public Node bool(boolean value, int line) {
        return new Node.Bool(value, place(line));
    }

    @Override
    public Node nothing(int line) {
        return new Node.Nothing("nil", place(line));
    }

    private Place place(int line) {
        return new Place(file, line);
    }
}
