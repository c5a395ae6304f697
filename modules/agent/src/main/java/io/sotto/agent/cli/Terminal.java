package io.sotto.agent.cli;

/** Text of other members on its way to a terminal: what would steer the terminal is shown instead of obeyed. Pure. */
final class Terminal {
    private Terminal() {}

    /** Control characters as {@code \\u001b}, but for newlines and tabs. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
