package io.sotto.rpc.pool;

import java.util.List;
import java.util.Optional;

/** Where the slots for a callee are found, and how its errors read. */
sealed interface Route {
    /** Those that would do, the best first; empty if nobody would. */
    List<Slot> candidates(Routes routes);

    /** What is said where there is nobody. */
    String nobody(Routes routes);

    /** The one of this name. */
    record Named(String name) implements Route {
        @Override
        public List<Slot> candidates(Routes routes) {
            return Optional.ofNullable(routes.byName().get(name)).map(List::of).orElse(List.of());
        }

        @Override
        public String nobody(Routes routes) {
            return "no member " + name + " takes calls";
        }
    }

    /** Any of those with this role. */
    record Spread(String role) implements Route {
        @Override
        public List<Slot> candidates(Routes routes) {
            return routes.roles().getOrDefault(role, List.of());
        }

        @Override
        public String nobody(Routes routes) {
            return "no member with the role " + role + " takes calls";
        }
    }

    /** The servers of a datacenter. Source of the words: RPC specification, section 8. */
    record Line(String datacenter) implements Route {
        private static final String NOBODY = "No known Consul servers";

        @Override
        public List<Slot> candidates(Routes routes) {
            return routes.servers().getOrDefault(datacenter, List.of());
        }

        @Override
        public String nobody(Routes routes) {
            return Optional.ofNullable(routes.exclusions().get(datacenter))
                    .map(reason -> NOBODY + ": " + reason)
                    .orElse(NOBODY);
        }
    }

    /** This one and no other. */
    record Fixed(Slot slot) implements Route {
        @Override
        public List<Slot> candidates(Routes routes) {
            return List.of(slot);
        }

        @Override
        public String nobody(Routes routes) {
            return slot.peer().name() + " is no longer there";
        }
    }
}
