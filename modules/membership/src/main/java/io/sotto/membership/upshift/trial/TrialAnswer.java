package io.sotto.membership.upshift.trial;

/**
 * What came of one ping.
 *
 * @param way how it was answered, if it was
 * @param keyId the id of the key that opened the answer; empty where nothing had sealed it
 */
public record TrialAnswer(Way way, String keyId) {
    /** How a ping was answered. */
    public enum Way {
        /** By an ack with the ping's number. */
        ACKED,
        /** The member took the connection and gave no such ack. */
        REFUSED,
        /** There was no connection, so nothing can be said. */
        UNREACHED
    }

    public TrialAnswer {
        if (way != Way.ACKED && !keyId.isEmpty()) {
            throw new IllegalArgumentException("only an ack is opened: " + way);
        }
    }

    /** An ack that a key opened. */
    public static TrialAnswer sealed(String keyId) {
        return new TrialAnswer(Way.ACKED, keyId);
    }

    /** An ack that nothing had sealed. */
    public static TrialAnswer plain() {
        return new TrialAnswer(Way.ACKED, "");
    }

    /** No ack, though there was a connection. */
    public static TrialAnswer refused() {
        return new TrialAnswer(Way.REFUSED, "");
    }

    /** No connection. */
    public static TrialAnswer unreached() {
        return new TrialAnswer(Way.UNREACHED, "");
    }

    boolean isAck() {
        return way == Way.ACKED;
    }
}
