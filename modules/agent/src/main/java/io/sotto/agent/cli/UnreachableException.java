package io.sotto.agent.cli;

/** No agent answered; the text says at which address and why. */
final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
