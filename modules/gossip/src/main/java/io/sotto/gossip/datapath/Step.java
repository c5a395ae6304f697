package io.sotto.gossip.datapath;

import java.util.List;

/**
 * The body of one stage: one item in, none, one or more out. It has one owner, its stage, and may keep state.
 *
 * @param <I> item in
 * @param <O> item out
 */
interface Step<I, O> {
    /** The stage's name, as the design draws it. */
    String name();

    /** A batch begins: what came of the one before has left the stages. For steps that keep memory between batches. */
    default void begin() {}

    /** Adds to {@code out} what becomes of {@code item}. What it throws costs this item, nothing else. */
    void on(I item, WirePolicy policy, List<O> out);

    /** Counts an item whose processing threw. */
    void failed(I item, WirePolicy policy, Throwable failure);
}
