package io.sotto.agent.config;

import java.util.List;
import java.util.Map;

/** A value in a configuration file, with its place. Immutable. */
sealed interface Node {
    Place place();

    /** The value's type as Go's decoder prints it. */
    String goType();

    /** A string. */
    record Text(String value, Place place) implements Node {
        @Override
        public String goType() {
            return "string";
        }
    }

    /** An integer; {@code goType} is {@code float64} where the syntax knows only one kind of number. */
    record Whole(long value, String goType, Place place) implements Node {}

    /** A number with a fraction. */
    record Fraction(double value, Place place) implements Node {
        @Override
        public String goType() {
            return "float64";
        }
    }

    /** A boolean. */
    record Bool(boolean value, Place place) implements Node {
        @Override
        public String goType() {
            return "bool";
        }
    }

    /** Null, or something that the syntax allows and configuration does not: never accepted as a value. */
    record Nothing(String goType, Place place) implements Node {}

    /** A list. */
    record Sequence(List<Node> elements, Place place) implements Node {
        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String goType() {
            return "slice";
        }
    }

    /** A map from keys as written to values, in the file's order. */
    record Table(Map<String, Node> entries, Place place) implements Node {
        @Override
        public String goType() {
            return "map";
        }
    }
}
