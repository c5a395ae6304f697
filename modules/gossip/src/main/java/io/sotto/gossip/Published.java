package io.sotto.gossip;

import java.util.function.Supplier;

/**
 * The present value of something immutable: written by the one actor that owns it, read by anybody without asking.
 */
final class Published<T> implements Supplier<T> {
    private volatile T value;

    Published(T initial) {
        this.value = initial;
    }

    @Override
    public T get() {
        return value;
    }

    void set(T newValue) {
        value = newValue;
    }
}
