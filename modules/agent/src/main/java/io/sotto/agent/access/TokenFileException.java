package io.sotto.agent.access;

/** A file of tokens that cannot be used or written. The message is for people and holds nothing of the file. */
public final class TokenFileException extends Exception {
    private static final long serialVersionUID = 1;

    TokenFileException(String text) {
        super(text);
    }

    /** What is wrong, and with which file. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
