package io.sotto.agent.config;

/**
 * Where a setting was written: a file and its line, or a flag.
 *
 * @param origin the file as the operator named it, or {@code flag -name}
 * @param line from 1; 0 where lines have no meaning
 */
record Place(String origin, int line) {
    static final Place DEFAULT = new Place("default", 0);

    static Place flag(String name) {
        return new Place("flag -" + name, 0);
    }

    @Override
    public String toString() {
        return line > 0 ? origin + ":" + line : origin;
    }
}
