/**
 * What a sotto server serves to the client agents of a datacenter, from what gossip knows: a part of Consul's methods, with
 * a real server's shapes, errors and times. Whatever needs a quorum is answered as by a server that has no leader.
 */
@NullMarked
package io.sotto.cluster.server;

import org.jspecify.annotations.NullMarked;
