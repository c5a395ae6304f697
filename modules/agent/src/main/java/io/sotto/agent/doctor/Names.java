package io.sotto.agent.doctor;

import java.util.List;

/** Lists of members in a sentence. */
final class Names {
    private static final int SHOWN = 4;

    private Names() {}

    /** {@code a, b, c, d and 7 more}. */
    static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
    }
}
