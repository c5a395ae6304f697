package io.sotto.cluster.enrolment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What enrolment goes by.
 *
 * @param authority where the authority's files are, on the node that has them
 * @param validity of the certificates that it gives
 * @param tokenTtlMax the longest that a token may be good for
 * @param tokensMax tokens remembered at a time
 * @param ratePerAddress requests a second of one address that are looked at
 * @param rate the same of all together
 * @param directory {@code <data-dir>/tls}; empty without a data directory
 * @param datacenter of this node
 * @param domain of the names in its certificate
 */
public record EnrolmentSettings(
        Optional<AuthorityFiles> authority,
        Duration validity,
        Duration tokenTtlMax,
        int tokensMax,
        int ratePerAddress,
        int rate,
        Optional<Path> directory,
        String datacenter,
        String domain) {
    /** The authority's certificate and its private key, in PEM. */
    public record AuthorityFiles(Path certificate, Path key) {}

    /** Reads a whole {@code sotto} section, of which {@code enrolment}, {@code data-dir}, {@code datacenter} and {@code tls} count. */
    public static EnrolmentSettings from(Config section) {
        Config enrolment = section.getConfig("enrolment");
        Optional<Path> certificate = path(enrolment, "ca-file");
        Optional<Path> key = path(enrolment, "ca-key-file");
        if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigException.BadValue(
                    enrolment.origin(), "enrolment.ca-file", "and enrolment.ca-key-file go together");
        }
        String domain = section.getString("tls.domain").toLowerCase(Locale.ROOT);
        return new EnrolmentSettings(
                certificate.map(path -> new AuthorityFiles(path, key.orElseThrow())),
                positive(enrolment, "validity"),
                positive(enrolment, "token-ttl-max"),
                positiveNumber(enrolment, "tokens-max"),
                positiveNumber(enrolment, "rate-per-address"),
                positiveNumber(enrolment, "rate"),
                path(section, "data-dir").map(directory -> directory.resolve("tls")),
                section.getString("datacenter").toLowerCase(Locale.ROOT),
                domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain);
    }

    private static Duration positive(Config enrolment, String key) {
        Duration duration = enrolment.getDuration(key);
        if (duration.isNegative() || duration.isZero()) {
            throw new ConfigException.BadValue(enrolment.origin(), "enrolment." + key, "must be longer than nothing");
        }
        return duration;
    }

    private static int positiveNumber(Config enrolment, String key) {
        int number = enrolment.getInt(key);
        if (number < 1) {
            throw new ConfigException.BadValue(enrolment.origin(), "enrolment." + key, "must be 1 or more");
        }
        return number;
    }

    private static Optional<Path> path(Config section, String key) {
        return section.hasPath(key) && !section.getString(key).isEmpty()
                ? Optional.of(Path.of(section.getString(key)))
                : Optional.empty();
    }
}
