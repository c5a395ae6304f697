package io.sotto.agent.access;

import java.time.Duration;

/** Decides on every request before it is carried out, and hears how it ended. Called from any thread; must not block. */
public interface AccessControl {
    /** What became of a request at the door. */
    sealed interface Decision {
        /**
         * It is carried out.
         *
         * @param rights what else its sender may, where that decides on each entry of the answer
         * @param isTokenOurs whether the token is of no account to anybody but this agent, and goes to no server
         */
        record Granted(Rights rights, boolean isTokenOurs) implements Decision {
            /** With a token that goes on to servers. */
            public Granted(Rights rights) {
                this(rights, false);
            }
        }

        /** Its sender may not. */
        record Denied() implements Decision {}

        /** Nobody has that token. */
        record UnknownToken() implements Decision {}

        /**
         * Too many requests from there were refused; this one was not looked at.
         *
         * @param after when the next is
         */
        record TooManyFailures(Duration after) implements Decision {}
    }

    /** Decides. A call that needs nothing is asked about too. */
    Decision admit(AccessCall call);

    /**
     * A request ended, refused ones included.
     *
     * @param status of HTTP
     */
    void ended(AccessCall call, int status);

    /** Lets everybody do everything, as an agent without access control does. */
    static AccessControl open() {
        return OpenAccess.INSTANCE;
    }
}
