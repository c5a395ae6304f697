package io.sotto.agent.runtime;

import java.net.BindException;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** Why an agent cannot start, for the operator: complete, in one line, without secrets. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String message) {
        super(message);
    }

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** The failure itself, out of the wrappers that futures put around it. */
    static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while (inner instanceof CompletionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** The HTTP socket could not be bound, in the words of Go's network library, which operators search for. */
    static StartFailure http(String address, Throwable failure) {
        Throwable root = unwrap(failure);
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage());
        if (root instanceof BindException) {
            // The JDK's text is "[/127.0.0.1:8500] Address already in use" or the part after the bracket.
            text = "bind: " + text.substring(text.indexOf(']') + 1).trim().toLowerCase(Locale.ROOT);
        }
        return new StartFailure("Failed to start HTTP server: listen tcp " + address + ": " + text, failure);
    }
}
