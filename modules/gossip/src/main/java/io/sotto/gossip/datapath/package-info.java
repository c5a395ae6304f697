/**
 * The way of a datagram into a pool and out of it, as named stages fused over batches.
 *
 * <pre>
 *  channel thread | DatagramSource -> Admit -> StripLabel -> Open -> VerifyCrc -> Unwrap -> Decode -> router
 *  actors         | Outbox -> PackCompound -> Compress -> AddCrc -> Seal -> AddLabel -> DatagramSink
 * </pre>
 *
 * <p>The bar is the only asynchronous boundary of either way. The element is a {@link io.sotto.gossip.datapath.Batch},
 * which carries the one {@link io.sotto.gossip.datapath.WirePolicy} that holds for all of it. What is refused becomes a
 * counted {@link io.sotto.wire.Rejection} in {@link io.sotto.gossip.datapath.RejectionLog}; nothing that a peer sends
 * fails a stage. The bodies of the stages are pure and live in {@code io.sotto.wire}.
 */
@NullMarked
package io.sotto.gossip.datapath;

import org.jspecify.annotations.NullMarked;
