package io.sotto.agent.cli;

/** No agent answered; the text says at which address and why. */
final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String mend;

    UnreachableException(String message) {
        this(message, "");
    }

    /** @param mend what may help, as a sentence; empty: nobody knows */
    UnreachableException(String message, String mend) {
        super(message);
        this.mend = mend;
    }

    String mend() {
        return mend;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
