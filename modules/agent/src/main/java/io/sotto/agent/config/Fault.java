package io.sotto.agent.config;

/**
 * One reason why a configuration is refused.
 *
 * <p>Never holds a key's bytes: texts name keys and positions only.
 *
 * @param kind decides how faults of one file are grouped when printed
 * @param file the file, or {@code flag -name}; empty if the fault has no place, such as a missing setting
 * @param line from 1, or 0
 * @param text what is wrong, in the real agent's words where it has some
 */
public record Fault(Kind kind, String file, int line, String text) {
    /** What sort of fault this is. */
    public enum Kind {
        /** A file could not be opened. */
        ACCESS,
        /** A file is not of its syntax. */
        SYNTAX,
        /** A value has the wrong type. */
        TYPE,
        /** A key that nobody knows. */
        KEY,
        /** A value that is of the right type and wrong. */
        SETTING
    }

    static Fault at(Kind kind, Place place, String text) {
        return new Fault(kind, place.equals(Place.DEFAULT) ? "" : place.origin(), place.line(), text);
    }

    /** The text followed by its place in parentheses. */
    String located() {
        return file.isEmpty() ? text : text + " (" + new Place(file, line) + ")";
    }
}
