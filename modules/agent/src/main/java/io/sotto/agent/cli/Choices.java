package io.sotto.agent.cli;

import java.util.List;

/**
 * What a shell can offer in the place of an argument, or of the value of a flag.
 *
 * @param words the words that are known; empty where anything may stand
 * @param files whether names of files fit as well
 */
record Choices(List<String> words, boolean files) {
    static final Choices NONE = new Choices(List.of(), false);
    static final Choices FILES = new Choices(List.of(), true);

    Choices {
        words = List.copyOf(words);
    }

    static Choices of(String... words) {
        return new Choices(List.of(words), false);
    }

    /** As the help writes the value of a flag: {@code text|json} are choices, {@code path} and {@code file} are files. */
    static Choices ofPlaceholder(String placeholder) {
        if (placeholder.contains("|")) {
            return new Choices(List.of(placeholder.split("\\|", -1)), false);
        }
        return placeholder.equals("path") || placeholder.equals("file") ? FILES : NONE;
    }
}
