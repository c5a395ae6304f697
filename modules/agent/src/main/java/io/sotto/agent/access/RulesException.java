package io.sotto.agent.access;

/** A text is no set of rules. The message is for people, with the line. */
public final class RulesException extends Exception {
    private static final long serialVersionUID = 1;

    RulesException(String text) {
        super(text);
    }

    /** What is wrong. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
