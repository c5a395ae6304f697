/**
 * Pekko Discovery and gossip: members as the answer to a lookup ({@link io.sotto.discovery.SottoDiscovery}), and lookups of any
 * method as addresses to join ({@link io.sotto.discovery.DiscoveryJoin}).
 *
 * <p>Neither asks a server over HTTP: a member knows its pool. Needs {@code pekko-discovery}, which an application brings
 * along in the version of its Pekko, 1.2.1 or later. Source: ours.
 */
@NullMarked
package io.sotto.discovery;

import org.jspecify.annotations.NullMarked;
