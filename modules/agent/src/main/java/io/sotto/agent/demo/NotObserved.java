package io.sotto.agent.demo;

/** A step of the demo did not show what it should have shown in its time. */
final class NotObserved extends Exception {
    private static final long serialVersionUID = 1L;

    NotObserved(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
