package io.sotto.agent.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * What stood on the command line of one verb.
 *
 * @param given flags in their order
 * @param arguments what is no flag, in its order
 * @param help whether {@code -h} was among the flags
 */
record ParsedFlags(List<Given> given, List<String> arguments, boolean help) {

    /** One flag with its value; a switch has {@code true} or {@code false}. */
    record Given(String name, String value) {}

    boolean on(String name) {
        return value(name, "false").equals("true");
    }

    boolean has(String name) {
        return !values(name).isEmpty();
    }

    /** The last value, as later flags win. */
    String value(String name, String fallback) {
        String found = fallback;
        for (Given flag : given) {
            if (flag.name.equals(name)) {
                found = flag.value;
            }
        }
        return found;
    }

    List<String> values(String name) {
        List<String> found = new ArrayList<>();
        for (Given flag : given) {
            if (flag.name.equals(name)) {
                found.add(flag.value);
            }
        }
        return found;
    }
}
