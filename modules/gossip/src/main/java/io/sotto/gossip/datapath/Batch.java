package io.sotto.gossip.datapath;

import java.util.List;

/**
 * What arrived or leaves together, and the one policy snapshot that holds for all of it on its whole way.
 *
 * @param policy read once, when the batch was formed; a key change takes effect with the next batch
 * @param items never empty between two stages; not written to any more
 */
record Batch<T>(WirePolicy policy, List<T> items) {}
