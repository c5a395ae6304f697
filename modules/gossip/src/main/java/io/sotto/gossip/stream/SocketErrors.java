package io.sotto.gossip.stream;

import java.util.Locale;
import java.util.concurrent.CompletionException;

/** Socket failures in the words of the operating system, as the real implementation prints them. */
final class SocketErrors {
    private static final String RESET = "connection reset by peer";

    private SocketErrors() {}

    /** What really went wrong, without the wrapper that futures put around it. */
    static Throwable cause(Throwable failure) {
        Throwable inner = failure.getCause();
        return failure instanceof CompletionException && inner != null ? inner : failure;
    }

    /** {@code connection refused}, {@code no route to host}, {@code connection reset by peer}. */
    static String text(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return "use of closed network connection";
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.equals("connection reset") ? RESET : text;
    }

    /** Whether this text says that an established connection was ended over there. */
    static boolean isByTheOtherSide(String text) {
        return text.equals(RESET) || text.equals("broken pipe");
    }
}
