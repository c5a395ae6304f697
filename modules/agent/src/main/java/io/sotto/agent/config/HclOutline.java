package io.sotto.agent.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the line of each key in an HCL text, because the parser's values do not know theirs.
 *
 * <p>Also finds the values that are not literal. Understands comments, strings, heredocs, blocks, and nothing of values. Never fails: a text that is not HCL gives
 * whatever keys were seen. Source: ours, after the HCL syntax description.
 */
final class HclOutline {
    private final Map<String, Integer> lines = new HashMap<>();
    private final Set<String> interpolated = new HashSet<>();
    private final Deque<String> blocks = new ArrayDeque<>();
    private final String text;
    private int at;
    private int line = 1;
    private int brackets;
    private String key = "";
    private boolean assigned;

    private HclOutline(String text) {
        this.text = text;
    }

    static HclOutline of(String text) {
        HclOutline outline = new HclOutline(text);
        outline.scan();
        return outline;
    }

    /** Dotted path of each key to its line, from 1; of a repeated key the last. */
    Map<String, Integer> lines() {
        return lines;
    }

    /** Whether the key's value has a {@code ${…}} in it, which the parser would evaluate to nothing without a word. */
    boolean isInterpolated(String path) {
        return interpolated.contains(path);
    }

    private void scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#' || text.startsWith("//", at)) {
                skipTo("\n");
            } else if (text.startsWith("/*", at)) {
                skipTo("*/");
                at += 2;
            } else if (text.startsWith("<<", at)) {
                heredoc();
            } else if (c == '"') {
                word(string());
            } else if (Character.isLetter(c) || c == '_') {
                word(identifier());
            } else {
                punctuation(c);
                at++;
            }
        }
    }

    private void word(String word) {
        if (key.isEmpty() && brackets == 0) {
            key = word;
            assigned = false;
            lines.put(path(), line);
        } else {
            noteInterpolation(word);
        }
    }

    private void punctuation(char c) {
        switch (c) {
            case '=' -> assigned = true;
            case '{' -> {
                blocks.addLast(key);
                key = "";
            }
            case '}' -> {
                blocks.pollLast();
                key = "";
            }
            case '[' -> brackets++;
            case ']' -> brackets--;
            case ',', '\n' -> {
                if (c == '\n') {
                    line++;
                }
                if (brackets == 0 && assigned) {
                    key = "";
                }
            }
            default -> {
                // Values and signs: of no interest.
            }
        }
    }

    private String identifier() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private String string() {
        int start = ++at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        String found = text.substring(start, Math.min(at, text.length()));
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
        }
        return found;
    }

    private void heredoc() {
        int end = text.indexOf('\n', at);
        String mark = text.substring(at + 2, end < 0 ? text.length() : end)
                .replace("-", "")
                .trim();
        at = end < 0 ? text.length() : end;
        while (at < text.length()) {
            line++;
            int next = text.indexOf('\n', at + 1);
            String current = text.substring(at + 1, next < 0 ? text.length() : next);
            at = next < 0 ? text.length() : next;
            if (current.trim().equals(mark)) {
                return;
            }
            noteInterpolation(current);
        }
    }

    private void noteInterpolation(String value) {
        if (value.contains("${")) {
            interpolated.add(path());
        }
    }

    private String path() {
        return blocks.isEmpty() ? key : String.join(".", blocks) + "." + key;
    }

    private void skipTo(String end) {
        while (at < text.length() && !text.startsWith(end, at)) {
            if (text.charAt(at) == '\n') {
                line++;
            }
            at++;
        }
    }
}
