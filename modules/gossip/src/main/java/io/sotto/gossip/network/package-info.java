/**
 * What a pool needs of a network, and the network that real members share: UDP and TCP on one port.
 *
 * <p>{@link io.sotto.gossip.network.Network} is the seam at which transport is injected. Nothing here knows a message, a
 * key or a rule of the protocol: datagrams arrive as batches of bytes, connections as chunks of bytes.
 */
@NullMarked
package io.sotto.gossip.network;

import org.jspecify.annotations.NullMarked;
