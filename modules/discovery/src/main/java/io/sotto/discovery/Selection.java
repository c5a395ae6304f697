package io.sotto.discovery;

import io.sotto.cluster.Member;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which members are meant, by what they say of themselves.
 *
 * @param tags what each of these tags has to be, or to have in its list; {@code *} is any value
 * @param name what the whole name has to match
 */
record Selection(Map<String, String> tags, Optional<Pattern> name) {
    private static final String ANY = "*";
    private static final String LIST = ",";

    Selection {
        tags = Map.copyOf(tags);
    }

    /**
     * What a name means that nothing is configured for.
     *
     * @param service {@code shop}, {@code role=web,dc=dc1}, or both
     * @param serviceTag the tag for words without {@code =}
     * @throws IllegalArgumentException for a name that asks two things of one tag, or nothing
     */
    static Selection named(String service, String serviceTag) {
        Map<String, String> tags = new TreeMap<>();
        for (String word : service.split(LIST, -1)) {
            int equals = word.indexOf('=');
            String tag = equals < 0 ? serviceTag : word.substring(0, equals).trim();
            String value = word.substring(equals + 1).trim();
            if (tag.isEmpty() || value.isEmpty()) {
                throw new IllegalArgumentException(
                        "\"" + service + "\" is neither a service nor tags with their values");
            }
            if (tags.put(tag, value) != null) {
                throw new IllegalArgumentException("\"" + service + "\" asks two things of the tag " + tag);
            }
        }
        return new Selection(tags, Optional.empty());
    }

    boolean matches(Member member) {
        return name.map(pattern -> pattern.matcher(member.name()).matches()).orElse(true)
                && tags.entrySet().stream()
                        .allMatch(wanted -> holds(member.tags().getOrDefault(wanted.getKey(), ""), wanted.getValue()));
    }

    private static boolean holds(String value, String wanted) {
        if (value.isEmpty()) {
            return false;
        }
        return wanted.equals(ANY)
                || value.equals(wanted)
                || Arrays.stream(value.split(LIST, -1)).map(String::trim).anyMatch(wanted::equals);
    }
}
