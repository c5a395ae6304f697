package io.sotto.agent.cli;

/** The command line cannot be understood. The text is for the user, worded as Go's flag package does. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
