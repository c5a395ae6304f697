package io.sotto.discovery;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is looked up to be joined, and how often: the section {@code sotto.discovery-join}, or one like it. Settings of the same
 * names in {@code reference.conf} say more.
 *
 * @param method a discovery method by its name; empty for none
 * @param service its name
 * @param portName the name of its port
 * @param protocol the protocol of that port
 * @param port of all addresses, whatever is found
 * @param resolveTimeout how long a lookup may take
 * @param retryInterval the longest pause between lookups while nobody else is there
 * @param interval the pause between lookups once somebody is; zero for no further lookup
 * @param addressesMax how many addresses are tried at a time
 */
public record DiscoveryJoinSettings(
        String method,
        String service,
        Optional<String> portName,
        Optional<String> protocol,
        OptionalInt port,
        Duration resolveTimeout,
        Duration retryInterval,
        Duration interval,
        int addressesMax) {
    private static final int PORT_MAX = 65_535;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int DOUBLINGS_MAX = 20;

    /**
     * The settings in a section.
     *
     * @param section with all keys of {@code sotto.discovery-join}
     * @throws ConfigException for a missing key, a wrong type, or a value that cannot be
     */
    public static DiscoveryJoinSettings of(Config section) {
        DiscoveryJoinSettings settings = new DiscoveryJoinSettings(
                section.getString("method"),
                section.getString("service"),
                nonEmpty(section, "port-name"),
                nonEmpty(section, "protocol"),
                port(section),
                section.getDuration("resolve-timeout"),
                section.getDuration("retry-interval"),
                section.getDuration("interval"),
                section.getInt("addresses-max"));
        if (!settings.method.isEmpty() && settings.service.isBlank()) {
            throw bad(section, "service", "must be set where method is");
        }
        if (settings.retryInterval.compareTo(FIRST_PAUSE) < 0) {
            throw bad(section, "retry-interval", "must be at least 1s");
        }
        if (settings.interval.isNegative()) {
            throw bad(section, "interval", "must not be negative");
        }
        if (settings.addressesMax < 1) {
            throw bad(section, "addresses-max", "must be at least 1");
        }
        return settings;
    }

    /** How long to wait after so many lookups in vain: 1, 2, 4 … seconds, up to {@code retry-interval}. */
    Duration pauseAfter(int inVain) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(Math.max(inVain - 1, 0), DOUBLINGS_MAX));
        return pause.compareTo(retryInterval) < 0 ? pause : retryInterval;
    }

    private static Optional<String> nonEmpty(Config section, String path) {
        return Optional.of(section.getString(path)).filter(text -> !text.isEmpty());
    }

    private static OptionalInt port(Config section) {
        int port = section.getInt("port");
        if (port < 0 || port > PORT_MAX) {
            throw bad(section, "port", "must be from 0 to 65535");
        }
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static ConfigException bad(Config section, String path, String reason) {
        return new ConfigException.BadValue(section.getValue(path).origin(), path, reason);
    }
}
