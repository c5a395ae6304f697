package io.sotto.cluster.upshift;

import io.sotto.rpc.supervision.SecondTry;
import java.util.Set;
import java.util.TreeSet;

/** Makes an actor fail once on each kind of message before it is handled, and once after. */
final class FailsOnEach implements SecondTry.Faults {
    final Set<String> fired = new TreeSet<>();

    @Override
    public void before(Object message) {
        fail("before " + message.getClass().getSimpleName());
    }

    @Override
    public void after(Object message) {
        fail("after " + message.getClass().getSimpleName());
    }

    private void fail(String point) {
        if (fired.add(point)) {
            throw new IllegalStateException("made to fail " + point);
        }
    }
}
