package io.sotto.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads {@code .conf} files: sotto's own form under {@code sotto { }}, which may use all of HOCON, or Consul's keys at the
 * top, which may use neither includes nor substitutions.
 */
final class HoconSource {
    private HoconSource() {}

    /**
     * What a file holds.
     *
     * @param style how its keys are spelled
     * @param table the settings
     * @param whole everything in it, for the libraries beneath; empty in Consul's form
     */
    record Read(Schema.Style style, Node.Table table, Config whole) {}

    /** Reads a file; faults are added to {@code faults} and give an empty table. */
    static Read read(String name, File file, List<Fault> faults) {
        Place start = new Place(name, 1);
        try {
            List<String> includes = new ArrayList<>();
            Config raw = ConfigFactory.parseFile(file, options().appendIncluder(new IncludeWatch(includes)));
            if (raw.root().containsKey("sotto") || raw.root().containsKey("pekko")) {
                return own(name, ConfigFactory.parseFile(file, options()).resolve(), faults);
            }
            for (String include : includes) {
                faults.add(Fault.at(
                        Fault.Kind.SYNTAX,
                        start,
                        "include \"" + include + "\": files with Consul's keys cannot include"));
            }
            if (!raw.isResolved()) {
                faults.add(Fault.at(
                        Fault.Kind.SYNTAX, start, "${…}: files with Consul's keys cannot substitute; write the value"));
                return new Read(Schema.Style.CONSUL, new Node.Table(Map.of(), start), ConfigFactory.empty());
            }
            return new Read(Schema.Style.CONSUL, table(name, raw.root()), ConfigFactory.empty());
        } catch (ConfigException e) {
            faults.add(fault(name, e));
            return new Read(Schema.Style.SOTTO, new Node.Table(Map.of(), start), ConfigFactory.empty());
        }
    }

    /** The application.conf of the class path or of {@code -Dconfig.file}; only its {@code sotto} section is looked at. */
    static Read application(List<Fault> faults) {
        String name = "application.conf";
        try {
            Config application = ConfigFactory.defaultApplication().resolve();
            Config section =
                    application.root().containsKey("sotto") ? application.withOnlyPath("sotto") : ConfigFactory.empty();
            return new Read(Schema.Style.SOTTO, own(name, section, faults).table(), application);
        } catch (ConfigException e) {
            faults.add(fault(name, e));
            return new Read(Schema.Style.SOTTO, new Node.Table(Map.of(), new Place(name, 1)), ConfigFactory.empty());
        }
    }

    private static Read own(String name, Config config, List<Fault> faults) {
        Node.Table section = new Node.Table(Map.of(), new Place(name, 1));
        for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
            Node node = node(name, entry.getValue());
            if (entry.getKey().equals("sotto") && node instanceof Node.Table table) {
                section = table;
            } else if (entry.getKey().equals("sotto")) {
                faults.add(Fault.at(Fault.Kind.TYPE, node.place(), Schema.wrongType("sotto", "map", node)));
            } else if (!entry.getKey().equals("pekko")) {
                faults.add(Fault.at(
                        Fault.Kind.KEY,
                        node.place(),
                        "invalid config key " + entry.getKey() + ": beside sotto { } only pekko { } is read"));
            }
        }
        return new Read(Schema.Style.SOTTO, section, config);
    }

    private static Fault fault(String name, ConfigException e) {
        int line = Optional.ofNullable(e.origin())
                .map(origin -> origin.lineNumber())
                .orElse(0);
        String text = String.valueOf(e.getMessage());
        int colon = e.origin() == null ? -1 : text.indexOf(e.origin().description() + ": ");
        String bare = colon < 0 || e.origin() == null
                ? text
                : text.substring(colon + e.origin().description().length() + 2);
        return Fault.at(Fault.Kind.SYNTAX, new Place(name, Math.max(line, 0)), bare);
    }

    private static ConfigParseOptions options() {
        return ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
    }

    private static Node.Table table(String name, ConfigObject object) {
        Map<Integer, List<String>> byLine = new TreeMap<>();
        object.forEach((key, value) -> byLine.computeIfAbsent(place(name, value).line(), any -> new ArrayList<>())
                .add(key));
        Map<String, Node> entries = new LinkedHashMap<>();
        for (List<String> keys : byLine.values()) {
            for (String key : keys) {
                ConfigValue value = object.get(key);
                if (value != null) {
                    entries.put(key, node(name, value));
                }
            }
        }
        return new Node.Table(entries, place(name, object));
    }

    private static Node node(String name, ConfigValue value) {
        Place place = place(name, value);
        if (value instanceof ConfigObject object) {
            return table(name, object);
        }
        if (value instanceof ConfigList list) {
            List<Node> elements = new ArrayList<>();
            list.forEach(element -> elements.add(node(name, element)));
            return new Node.Sequence(elements, place);
        }
        Object plain = value.valueType() == ConfigValueType.NULL ? "" : value.unwrapped();
        if (plain instanceof Boolean bool) {
            return new Node.Bool(bool, place);
        }
        if (plain instanceof Number number) {
            double exact = number.doubleValue();
            return exact == Math.rint(exact)
                    ? new Node.Whole(number.longValue(), "float64", place)
                    : new Node.Fraction(exact, place);
        }
        return value.valueType() == ConfigValueType.NULL
                ? new Node.Nothing("nil", place)
                : new Node.Text(String.valueOf(plain), place);
    }

    private static Place place(String name, ConfigValue value) {
        return new Place(name, Math.max(value.origin().lineNumber(), 0));
    }

    /** Notes every include and includes nothing. */
    private record IncludeWatch(List<String> seen) implements ConfigIncluder {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            seen.add(what);
            return ConfigFactory.empty().root();
        }
    }
}
