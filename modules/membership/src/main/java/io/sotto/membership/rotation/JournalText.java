package io.sotto.membership.rotation;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Names as words of one line each, in what drivers write down. Stateless. Source: ours. */
public final class JournalText {
    private JournalText() {}

    /** All of them in one line. */
    public static String names(Collection<String> names) {
        return String.join(" ", names.stream().map(JournalText::escape).toList());
    }

    /**
     * What {@link #names} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static List<String> split(String names) {
        return names.isEmpty()
                ? List.of()
                : Arrays.stream(names.split(" ", -1)).map(JournalText::unescape).toList();
    }

    /** Letters, digits and {@code -._} as they are, every other UTF-16 unit as {@code %} and four digits. */
    public static String escape(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 128 && Character.isLetterOrDigit(c)) || "-._".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format("%%%04x", (int) c));
            }
        }
        return out.toString();
    }

    /**
     * What {@link #escape} wrote.
     *
     * @throws IllegalArgumentException for a cut escape
     */
    public static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                if (i + 5 > text.length()) {
                    throw new IllegalArgumentException("a cut escape");
                }
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
