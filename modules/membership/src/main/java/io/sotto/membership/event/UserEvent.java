package io.sotto.membership.event;

import io.sotto.wire.Octets;

/**
 * What an application of one member told those of all others. Each member is told it once, as long as it comes within the
 * window; see {@link EventBook}. Source: gossip specification, sections 16.3 and 17.5.
 *
 * @param ltime unsigned Lamport time: of two events that one member sent, the later has the greater
 * @param name chosen by the application
 * @param payload as sent; may be empty
 * @param coalesce whether of several with this name that come close together only the latest matters; never true of what an
 *     exchange of views brought
 */
public record UserEvent(long ltime, String name, Octets payload, boolean coalesce) {}
