package io.sotto.virtualtime;

import org.apache.pekko.actor.setup.Setup;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.concurrent.BlockContext;
import scala.concurrent.CanAwait;

/**
 * What a {@link VirtualTime} gives its actor system along, to get hold of the pump before the system is whole; and what the
 * thread that pumps does instead of blocking: it first lets happen what it would wait for.
 */
final class VirtualSetup extends Setup implements BlockContext {
    private @Nullable Pump pump;

    /** Called by the first dispatcher that the system makes. */
    void found(Pump newPump) {
        pump = newPump;
    }

    Pump pump() {
        if (pump == null) {
            throw new IllegalStateException("the actor system has not made its dispatcher yet");
        }
        return pump;
    }

    @Override
    public <T> T blockOn(Function0<T> thunk, CanAwait permission) {
        if (pump != null) {
            pump.settle();
        }
        return thunk.apply();
    }
}
