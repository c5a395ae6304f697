package io.sotto.bench.rpc;

/**
 * A connected pair of a stack: what is called comes back. {@link #call} may be used from every thread, also from within an
 * answer, and is never used again after {@link #close}. Source: ours.
 */
public interface EchoSide extends AutoCloseable {
    /** The end of one call. Called once, on whatever thread the stack answers on; must not block. */
    interface Answer {
        void answered(int length);

        void failed(Throwable why);
    }

    String name();

    /** Sends {@code payload}, which nobody writes to, and tells {@code answer} what came back. */
    void call(byte[] payload, Answer answer);

    /** Begins to end both ends, and does not wait for that. */
    @Override
    void close();
}
