package io.sotto.discovery;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import io.sotto.cluster.Member;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The settings of a discovery method: a rule for each name that has one, and what to do with all others. */
final class ServiceRules {
    private static final int PORT_MAX = 65_535;

    private final Map<String, ServiceRule> named = new TreeMap<>();
    private final ServiceRule usual;
    private final String serviceTag;

    private ServiceRules(Config section) {
        this.usual = rule(section, new Selection(Map.of(), Optional.empty()));
        this.serviceTag = section.getString("service-tag");
        Config services = section.getConfig("services");
        for (String service : services.root().keySet()) {
            Config own = services.getConfig(ConfigUtil.joinPath(service));
            named.put(service, rule(own.withFallback(section), selection(own)));
        }
    }

    /**
     * @throws ConfigException for a missing key, a wrong type, or a value that cannot be
     */
    static ServiceRules of(Config section) {
        return new ServiceRules(section);
    }

    /**
     * How the service of this name is found.
     *
     * @throws IllegalArgumentException for a name that means nothing
     */
    ServiceRule find(String service) {
        ServiceRule own = named.get(service);
        return own != null
                ? own
                : new ServiceRule(
                        usual.pool(),
                        Selection.named(service, serviceTag),
                        usual.statuses(),
                        usual.suspected(),
                        usual.portTag(),
                        usual.port());
    }

    private static ServiceRule rule(Config section, Selection selection) {
        return new ServiceRule(
                section.getString("pool"),
                selection,
                statuses(section),
                section.getBoolean("suspected"),
                section.getString("port-tag"),
                port(section));
    }

    private static Selection selection(Config own) {
        Map<String, String> tags = new TreeMap<>();
        if (own.hasPath("tags")) {
            own.getConfig("tags").root().forEach((name, value) -> tags.put(name, String.valueOf(value.unwrapped())));
        }
        return new Selection(tags, own.hasPath("name") ? Optional.of(pattern(own)) : Optional.empty());
    }

    private static Pattern pattern(Config own) {
        try {
            return Pattern.compile(own.getString("name"));
        } catch (PatternSyntaxException e) {
            throw new ConfigException.BadValue(own.getValue("name").origin(), "name", e.getDescription(), e);
        }
    }

    private static Set<Member.Status> statuses(Config section) {
        Set<Member.Status> statuses = EnumSet.noneOf(Member.Status.class);
        for (String word : section.getStringList("statuses")) {
            statuses.add(Arrays.stream(Member.Status.values())
                    .filter(status -> status.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException.BadValue(
                            section.getValue("statuses").origin(),
                            "statuses",
                            "must be of \"alive\", \"leaving\", \"left\", \"failed\"")));
        }
        return statuses;
    }

    private static OptionalInt port(Config section) {
        int port = section.getInt("port");
        if (port < 0 || port > PORT_MAX) {
            throw new ConfigException.BadValue(section.getValue("port").origin(), "port", "must be from 0 to 65535");
        }
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
