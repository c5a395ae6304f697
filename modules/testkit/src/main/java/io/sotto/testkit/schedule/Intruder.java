package io.sotto.testkit.schedule;

import io.sotto.gossip.PoolSettings;
import io.sotto.membership.PoolRules;

/** Members that claim a name that is taken: {@code x1-n3} runs at an address of its own, and calls itself {@code n3}. */
final class Intruder {
    private Intruder() {}

    static boolean isIntruder(String member) {
        return member.startsWith("x");
    }

    /** The name that it claims. */
    static String claimed(String member) {
        return member.substring(member.indexOf('-') + 1);
    }

    /** What a pool is told: an intruder calls itself by the name that it claims. */
    static PoolSettings disguise(PoolSettings settings) {
        PoolRules rules = settings.rules();
        return isIntruder(rules.self()) ? settings.withRules(rules.withSelf(claimed(rules.self()))) : settings;
    }
}
