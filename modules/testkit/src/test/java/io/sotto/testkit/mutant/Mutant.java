package io.sotto.testkit.mutant;

import java.util.List;

/**
 * One planted bug: exact pieces of production source and what stands there instead. Most bugs have one piece; where the
 * same rule is written in two places, so that the one backs the other, both are changed.
 *
 * @param what is wrong, in a few words
 */
record Mutant(String what, List<Edit> edits) {
    /**
     * One replacement.
     *
     * @param module and {@code path} name the source file
     * @param text must occur exactly once
     */
    record Edit(String module, String path, String text, String replacement) {
        String className() {
            return path.replace('/', '.').replace(".java", "");
        }
    }

    static Mutant planted(String what, Edit... edits) {
        return new Mutant(what, List.of(edits));
    }

    static Edit membership(String type, String text, String replacement) {
        return new Edit("membership", "io/sotto/membership/" + type + ".java", text, replacement);
    }

    static Edit gossip(String type, String text, String replacement) {
        return new Edit("gossip", "io/sotto/gossip/" + type + ".java", text, replacement);
    }

    @Override
    public String toString() {
        return what;
    }
}
