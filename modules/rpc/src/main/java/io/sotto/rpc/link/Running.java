package io.sotto.rpc.link;

import io.sotto.rpc.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** Whether the caller of a call that is being answered is still there. Any thread. */
final class Running implements Cancellation {
    private enum State {
        RUNNING,
        ANSWERED,
        CANCELLED
    }

    private State state = State.RUNNING;
    private List<Runnable> actions = List.of();

    @Override
    public synchronized boolean isCancelled() {
        return state == State.CANCELLED;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (state == State.ANSWERED) {
                return;
            }
            if (state == State.RUNNING) {
                if (actions.isEmpty()) {
                    actions = new ArrayList<>(2);
                }
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Nobody can cancel it any more. */
    synchronized void answered() {
        if (state == State.RUNNING) {
            state = State.ANSWERED;
            actions = List.of();
        }
    }

    /** The caller has gone: tells whoever asked to be told. What an action throws is its own affair. */
    void cancel() {
        List<Runnable> told;
        synchronized (this) {
            if (state != State.RUNNING) {
                return;
            }
            state = State.CANCELLED;
            told = actions;
            actions = List.of();
        }
        for (Runnable action : told) {
            try {
                action.run();
            } catch (RuntimeException theirs) {
                LinkLog.endpointFailed("onCancel", theirs);
            }
        }
    }
}
