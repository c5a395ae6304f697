/**
 * What a client agent owes a datacenter with real servers: that the catalog has its node as it is, and that the servers know
 * where it is in the network.
 */
@NullMarked
package io.sotto.cluster.client;

import org.jspecify.annotations.NullMarked;
