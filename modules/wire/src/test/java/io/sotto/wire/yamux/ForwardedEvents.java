package io.sotto.wire.yamux;

/** Hands every event on; for tests that do more at some of them. */
class ForwardedEvents implements YamuxEvents {
    private final YamuxEvents target;

    ForwardedEvents(YamuxEvents target) {
        this.target = target;
    }

    @Override
    public void opened(int id) {
        target.opened(id);
    }

    @Override
    public void data(int id, byte[] array, int offset, int length) {
        target.data(id, array, offset, length);
    }

    @Override
    public void writable(int id) {
        target.writable(id);
    }

    @Override
    public void finished(int id) {
        target.finished(id);
    }

    @Override
    public void reset(int id) {
        target.reset(id);
    }

    @Override
    public void pong(int opaque) {
        target.pong(opaque);
    }

    @Override
    public void goneAway(int code) {
        target.goneAway(code);
    }
}
