package io.sotto.agent.json;

/** A text that is not JSON, in the words of Go's decoder. Source: golden outputs of the real agent. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    JsonException(String message, int line) {
        super(message);
        this.line = line;
    }

    /** The line of the offending character, from 1. */
    public int line() {
        return line;
    }

    /** The fault in words; never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
