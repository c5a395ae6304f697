package io.sotto.cluster.health;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a node has to be to be well.
 *
 * @param joined the names of the pools in which it has to have met another member
 * @param keyed whether its pools have to have a key
 * @param certificateMargin how long before its end a certificate counts as ended
 * @param answerWithin how long actors may take to answer
 */
public record HealthSettings(Set<String> joined, boolean keyed, Duration certificateMargin, Duration answerWithin) {
    public HealthSettings {
        joined = Set.copyOf(joined);
    }

    /**
     * The settings of a node.
     *
     * @param section a whole {@code sotto} section
     * @throws ConfigException for a missing key, a wrong type, or a value that cannot be
     */
    public static HealthSettings of(Config section) {
        Config health = section.getConfig("health");
        Set<String> joined = new HashSet<>();
        if (health.getBoolean("join-required")) {
            // The last is a setting of sotto-discovery, which need not be there.
            if (isSet(section, "start-join")
                    || isSet(section, "retry-join")
                    || isSet(section, "discovery-join.method")) {
                joined.add("lan");
            }
            if (isSet(section, "start-join-wan") || isSet(section, "retry-join-wan")) {
                joined.add("wan");
            }
        }
        boolean keyed = isSet(section, "encrypt") || isSet(section, "encrypt-file") || isSet(section, "encrypt-source");
        HealthSettings settings = new HealthSettings(
                joined, keyed, health.getDuration("certificate-margin"), health.getDuration("answer-within"));
        if (settings.certificateMargin.isNegative()) {
            throw bad(health, "certificate-margin", "must not be negative");
        }
        if (settings.answerWithin.isNegative() || settings.answerWithin.isZero()) {
            throw bad(health, "answer-within", "must be more than 0");
        }
        return settings;
    }

    private static boolean isSet(Config section, String path) {
        Object value = section.hasPath(path) ? section.getAnyRef(path) : "";
        return !value.equals("") && !(value instanceof List<?> list && list.isEmpty());
    }

    private static ConfigException bad(Config section, String path, String reason) {
        return new ConfigException.BadValue(section.getValue(path).origin(), path, reason);
    }
}
