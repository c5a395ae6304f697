package io.sotto.agent.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a token may do. Immutable and pure.
 *
 * <p>Of the rules about one sort of thing, that for exactly its name counts, else that for the longest prefix of it, else
 * whatever the caller takes by default. Source: Consul's rules of access control.
 */
public final class Rules {
    private static final Rules NONE = new Rules(false, List.of());
    private static final Rules MANAGEMENT = new Rules(true, List.of());

    /**
     * One rule.
     *
     * @param name empty for what has no names, and for the prefix of all names
     * @param isPrefix whether it is about all names that begin so
     */
    record Rule(Resource resource, String name, boolean isPrefix, Level level) {}

    private final boolean mayAll;
    private final Map<Resource, Map<String, Level>> exact = new EnumMap<>(Resource.class);
    private final Map<Resource, List<Rule>> prefixes = new EnumMap<>(Resource.class);

    private Rules(boolean mayAll, List<Rule> rules) {
        this.mayAll = mayAll;
        for (Rule rule : rules) {
            if (rule.isPrefix) {
                prefixes.computeIfAbsent(rule.resource, none -> new ArrayList<>())
                        .add(rule);
            } else {
                exact.computeIfAbsent(rule.resource, none -> new HashMap<>()).put(rule.name, rule.level);
            }
        }
        Comparator<Rule> longest = Comparator.comparingInt(rule -> -rule.name.length());
        prefixes.values().forEach(list -> list.sort(longest));
    }

    /** No rule at all: the default decides everything. */
    public static Rules none() {
        return NONE;
    }

    /** Everything is allowed. */
    public static Rules management() {
        return MANAGEMENT;
    }

    static Rules of(List<Rule> rules) {
        return new Rules(false, rules);
    }

    /**
     * Whether it is allowed.
     *
     * @param name empty for what has no names
     * @param fallback what counts where no rule does
     */
    public boolean allows(Resource resource, String name, Level wanted, Level fallback) {
        return mayAll || level(resource, name).orElse(fallback).allows(wanted);
    }

    /** Whether it is allowed for every name that begins with {@code prefix}, be it there or not. */
    public boolean allowsAllUnder(Resource resource, String prefix, Level wanted, Level fallback) {
        if (mayAll) {
            return true;
        }
        boolean atPrefix = prefixes.getOrDefault(resource, List.of()).stream()
                .filter(rule -> prefix.startsWith(rule.name))
                .findFirst()
                .map(Rule::level)
                .orElse(fallback)
                .allows(wanted);
        return atPrefix
                && prefixes.getOrDefault(resource, List.of()).stream()
                        .filter(rule -> rule.name.startsWith(prefix))
                        .allMatch(rule -> rule.level.allows(wanted))
                && exact.getOrDefault(resource, Map.of()).entrySet().stream()
                        .filter(rule -> rule.getKey().startsWith(prefix))
                        .allMatch(rule -> rule.getValue().allows(wanted));
    }

    private Optional<Level> level(Resource resource, String name) {
        Level here = exact.getOrDefault(resource, Map.of()).get(name);
        if (here != null) {
            return Optional.of(here);
        }
        return prefixes.getOrDefault(resource, List.of()).stream()
                .filter(rule -> name.startsWith(rule.name))
                .findFirst()
                .map(Rule::level);
    }
}
