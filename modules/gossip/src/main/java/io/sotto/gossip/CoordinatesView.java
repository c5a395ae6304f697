package io.sotto.gossip;

import io.sotto.membership.coordinate.Coordinate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where this node and the members that it has probed are in the space of round trips, at one moment. Immutable; any thread.
 *
 * @param self this node's name
 * @param own this node's coordinate; the initial one until a probe was answered, and always where coordinates are off
 * @param others what members told in their acks, by name; each member is probed once in a round of the ring
 */
public record CoordinatesView(String self, Coordinate own, Map<String, Coordinate> others) {
    public CoordinatesView {
        others = Map.copyOf(others);
    }

    /** The coordinate of a member, this node included; empty when it has told none to us. */
    public Optional<Coordinate> of(String member) {
        return member.equals(self) ? Optional.of(own) : Optional.ofNullable(others.get(member));
    }

    /** The estimated round trip between two members; empty when the coordinate of either is not known. */
    public Optional<Duration> distance(String a, String b) {
        return of(a).flatMap(from -> of(b).map(from::distanceTo));
    }
}
