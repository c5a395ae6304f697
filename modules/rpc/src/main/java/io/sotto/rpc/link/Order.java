package io.sotto.rpc.link;

/** What other threads hand to a dialled link. */
sealed interface Order permits LinkCall, Order.Took, Order.Drain {
    /** So many bytes of a series were taken by whoever reads it. */
    record Took(LinkCall call, int bytes) implements Order {}

    /** No further calls, and an end once those under way have ended. */
    enum Drain implements Order {
        DRAIN
    }
}
