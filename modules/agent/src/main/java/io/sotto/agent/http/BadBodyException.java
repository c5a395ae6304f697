package io.sotto.agent.http;

/** A request's body that says nothing that could be done; the message goes to the client. */
final class BadBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    BadBodyException(String message) {
        super(message);
    }
}
