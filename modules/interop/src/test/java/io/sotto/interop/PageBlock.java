package io.sotto.interop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page.
 *
 * @param language the first word behind the fence
 * @param words what {@code name=value} pairs follow it
 * @param line of the page at which it begins, from 1
 * @param text without the fences
 */
record PageBlock(String language, Map<String, String> words, int line, String text) {
    private static final Pattern FENCE = Pattern.compile("^\\s*```\\s*(\\S*)\\s*(.*?)\\s*$");
    private static final Pattern WORD = Pattern.compile("(\\w+)=(\\S+)");
    private static final String ELLIPSIS = "…";

    PageBlock {
        words = Map.copyOf(words);
    }

    /** All of a page, in order. */
    static List<PageBlock> of(List<String> page) {
        List<PageBlock> blocks = new ArrayList<>();
        Optional<PageBlock> open = Optional.empty();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < page.size(); i++) {
            Matcher fence = FENCE.matcher(page.get(i));
            if (!fence.matches()) {
                text.append(page.get(i)).append('\n');
            } else if (open.isPresent()) {
                PageBlock begun = open.get();
                blocks.add(new PageBlock(begun.language, begun.words, begun.line, text.toString()));
                open = Optional.empty();
            } else {
                open = Optional.of(new PageBlock(fence.group(1), words(fence.group(2)), i + 1, ""));
                text.setLength(0);
            }
        }
        if (open.isPresent()) {
            throw new IllegalArgumentException("the block of line " + open.get().line + " has no end");
        }
        return blocks;
    }

    /** The value of a word behind the fence. */
    Optional<String> word(String name) {
        return Optional.ofNullable(words.get(name));
    }

    /**
     * Whether this is what was printed: lines in order, white space at will; an ellipsis stands for anything in a line, and
     * alone for any lines.
     */
    boolean isPrintedAs(String printed) {
        StringBuilder pattern = new StringBuilder();
        for (String line : lines(text)) {
            if (line.equals(ELLIPSIS)) {
                pattern.append("(?:[^\n]*\n)*?");
            } else {
                pattern.append(Pattern.quote(line).replace(ELLIPSIS, "\\E[^\n]*\\Q"))
                        .append('\n');
            }
        }
        return Pattern.matches(pattern.toString(), String.join("\n", lines(printed)) + "\n");
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static Map<String, String> words(String info) {
        Map<String, String> words = new HashMap<>();
        Matcher word = WORD.matcher(info);
        while (word.find()) {
            words.put(word.group(1), word.group(2));
        }
        return words;
    }
}
