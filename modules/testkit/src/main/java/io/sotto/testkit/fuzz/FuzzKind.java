package io.sotto.testkit.fuzz;

import java.util.Locale;

/** The kinds of cases: who sends them, and how. */
public enum FuzzKind {
    /** Datagrams of somebody without a key. Where the target has a key, all of them must be rejected. */
    PLAIN(1),

    /** Datagrams of somebody who has the target's key: sealed soundly for the most part, hostile inside. */
    SEALED(2),

    /** Sound sealed datagrams in which one to eight bits were turned over on the way. */
    FLIPPED(3),

    /**
     * All that one side of a connection writes before it closes its half: a push/pull, a user message or a ping; sealed where
     * the target has a key.
     */
    STREAM(4);

    /** Part of what a case's chance is made from: changing it changes every case. */
    final int salt;

    FuzzKind(int salt) {
        this.salt = salt;
    }

    /** The name in the text form of a case's id: {@code plain}, {@code sealed}, {@code flipped}, {@code stream}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
