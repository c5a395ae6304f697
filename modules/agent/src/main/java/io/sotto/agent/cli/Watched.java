package io.sotto.agent.cli;

import java.util.Locale;

/** Whether somebody watches what a verb prints. */
final class Watched {
    private Watched() {}

    /** Without a console nobody does; a console of a newer Java may be none, and says so. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean byATerminal() {
        var present = System.console();
        if (present == null) {
            return false;
        }
        try {
            return !Boolean.FALSE.equals(
                    java.io.Console.class.getMethod("isTerminal").invoke(present));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** A constant as it is typed. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
