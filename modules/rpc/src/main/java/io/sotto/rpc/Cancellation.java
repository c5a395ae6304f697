package io.sotto.rpc;

/** Tells whoever works on a call that nobody waits for its answer any more. Safe to use from every thread. */
public interface Cancellation {
    /** Whether the caller has gone. */
    boolean isCancelled();

    /** Runs {@code action} once when the caller goes, at once if it has; not at all if the call was answered before. */
    void onCancel(Runnable action);
}
