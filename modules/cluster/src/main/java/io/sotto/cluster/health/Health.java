package io.sotto.cluster.health;

import java.util.List;

/**
 * What a check found.
 *
 * @param problems why not, each in one line for an operator; empty when all is well
 */
public record Health(List<String> problems) {
    public Health {
        problems = List.copyOf(problems);
    }

    public boolean isWell() {
        return problems.isEmpty();
    }
}
