package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that can be typed after {@code sotto}, gathered from the verbs themselves, so that the scripts made of it offer what
 * this build takes and nothing else.
 */
record CompletionTable(List<Entry> entries) {
    /** The line of a page of help that shows a verb: its name of one word or two, then what it does. */
    private static final String PAGE_LINE = "  (\\S+)(?: \\S+)? {2,}(.*)";

    /**
     * A place on the command line.
     *
     * @param typed the verb's words so far, {@code sotto} the first of them
     * @param words the words that may follow
     * @param files whether names of files may follow
     * @param flags the flags that may follow; none before there is a verb
     */
    record Entry(String typed, Set<String> words, boolean files, List<FlagSet.Shown> flags) {}

    CompletionTable {
        entries = List.copyOf(entries);
    }

    static CompletionTable ofAllVerbs() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("sotto", new Entry("sotto", new LinkedHashSet<>(List.of(Verbs.NAMES)), false, List.of()));
        entries.put("sotto help", new Entry("sotto help", new LinkedHashSet<>(List.of(Verbs.NAMES)), false, List.of()));
        for (String name : Verbs.NAMES) {
            Verb verb = Verbs.find(name);
            if (verb != null) {
                add(verb, "sotto " + name, entries);
            }
        }
        return new CompletionTable(new ArrayList<>(entries.values()));
    }

    /** What each verb does, in a few words, by its first word. */
    static Map<String, String> descriptions() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        Verbs.allPage()
                .lines()
                .filter(line -> line.matches(PAGE_LINE))
                .forEach(line -> descriptions.putIfAbsent(
                        line.replaceFirst(PAGE_LINE, "$1"), line.replaceFirst(PAGE_LINE, "$2")));
        return descriptions;
    }

    private static void add(Verb verb, String typed, Map<String, Entry> entries) {
        Choices choices = verb.arguments();
        entries.put(
                typed,
                new Entry(
                        typed,
                        new LinkedHashSet<>(choices.words()),
                        choices.files(),
                        verb.flags().shown()));
        verb.below().forEach((words, below) -> {
            String[] way = words.split(" ", -1);
            String so = typed;
            for (int i = 0; i < way.length; i++) {
                at(so, entries).words().add(way[i]);
                so = so + " " + way[i];
                if (i < way.length - 1) {
                    at(so, entries);
                }
            }
            add(below.get(), so, entries);
        });
    }

    private static Entry at(String typed, Map<String, Entry> entries) {
        return entries.computeIfAbsent(typed, words -> new Entry(words, new LinkedHashSet<>(), false, List.of()));
    }
}
