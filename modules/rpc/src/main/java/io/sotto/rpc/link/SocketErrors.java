package io.sotto.rpc.link;

import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** Socket failures in the words of the operating system, as a real agent prints them. */
final class SocketErrors {
    private static final int CAUSES_MAX = 8;
    private static final String CLOSED = "The connection closed with error: ";

    private SocketErrors() {}

    /** {@code connection refused}, {@code connection reset by peer}, {@code i/o timeout}. */
    static String text(Throwable failure) {
        Throwable inner = failure;
        for (int i = 0; i < CAUSES_MAX && inner.getCause() != null; i++) {
            inner = inner.getCause();
        }
        if (inner instanceof UnresolvedAddressException) {
            return "no such host";
        }
        String message = inner.getMessage();
        if (message == null) {
            return "use of closed network connection";
        }
        String text =
                (message.startsWith(CLOSED) ? message.substring(CLOSED.length()) : message).toLowerCase(Locale.ROOT);
        if (text.contains("connect timeout")) {
            return "i/o timeout";
        }
        return text.equals("connection reset") ? "connection reset by peer" : text;
    }
}
