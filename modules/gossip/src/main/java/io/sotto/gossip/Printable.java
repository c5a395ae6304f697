package io.sotto.gossip;

/**
 * What a peer said, fit for a line of log: names may hold any byte, and a line break or an escape sequence in one must not
 * make up lines or act on a terminal. Source: security rules, "Rules for the packet path".
 */
final class Printable {
    private static final int MAX_CHARS = 128;

    private Printable() {}

    /** The text with control and formatting characters, line breaks, and what is no character replaced, and cut short. */
    static String of(String text) {
        boolean isLong = text.length() > MAX_CHARS;
        String cut = isLong ? text.substring(0, MAX_CHARS) : text;
        StringBuilder clean = new StringBuilder(cut.length() + 3);
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            clean.append(isHarmless(c) ? c : '?');
        }
        return isLong ? clean.append("...").toString() : clean.toString();
    }

    private static boolean isHarmless(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
