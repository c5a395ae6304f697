package io.sotto.testkit.invariant;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All running processes when the work of one moment is done.
 *
 * @param at since the start of the simulation
 */
public record Moment(Duration at, List<Sight> sights) {
    public Moment {
        sights = List.copyOf(sights);
    }

    /** The process that has this name and this address now. */
    Optional<Sight> owner(Owner owner) {
        for (Sight sight : sights) {
            if (sight.life().name().equals(owner.name())
                    && sight.life().address().equals(owner.address())) {
                return Optional.of(sight);
            }
        }
        return Optional.empty();
    }
}
