package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns flags into layers: lists come before those of all files, everything else after. */
final class FlagLayers {
    private static final Map<String, String> FLAG_NAMES = Map.ofEntries(
            Map.entry("node-name", "node"),
            Map.entry("bind-addr", "bind"),
            Map.entry("advertise-addr", "advertise"),
            Map.entry("client-addr", "client"),
            Map.entry("ports.http", "http-port"),
            Map.entry("ports.serf-lan", "serf-lan-port"),
            Map.entry("ports.server", "server-port"),
            Map.entry("ports.serf-wan", "serf-wan-port"),
            Map.entry("serf-wan", "serf-wan-bind"),
            Map.entry("advertise-addr-wan", "advertise-wan"),
            Map.entry("start-join-wan", "join-wan"),
            Map.entry("tls.domain", "domain"),
            Map.entry("start-join", "join"),
            Map.entry("tags", "tag"));

    private final Map<String, Node> lists = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();

    FlagLayers(Map<String, List<String>> flags, List<Fault> faults) {
        for (Map.Entry<String, List<String>> flag : flags.entrySet()) {
            String path = flag.getKey();
            Place place = Place.flag(FLAG_NAMES.getOrDefault(path, path));
            String last = flag.getValue().get(flag.getValue().size() - 1);
            switch (Schema.type(path)) {
                case TEXT -> values.put(path, new Node.Text(last, place));
                case BOOL -> values.put(path, new Node.Bool(Boolean.parseBoolean(last), place));
                case WHOLE, NUMBER -> whole(path, last, place, faults);
                case DURATION -> duration(path, last, place, faults);
                case TEXTS -> {
                    List<Node> elements = new ArrayList<>();
                    flag.getValue().forEach(value -> elements.add(new Node.Text(value, place)));
                    lists.put(path, new Node.Sequence(elements, place));
                }
                case TEXT_MAP -> {
                    Map<String, Node> entries = new LinkedHashMap<>();
                    for (String value : flag.getValue()) {
                        int colon = value.indexOf(path.equals("tags") ? '=' : ':');
                        entries.put(
                                colon < 0 ? value : value.substring(0, colon),
                                new Node.Text(colon < 0 ? "" : value.substring(colon + 1), place));
                    }
                    values.put(path, new Node.Table(entries, place));
                }
            }
        }
    }

    Map<String, Node> lists() {
        return lists;
    }

    Map<String, Node> values() {
        return values;
    }

    private void whole(String path, String value, Place place, List<Fault> faults) {
        try {
            values.put(path, new Node.Whole(Long.parseLong(value.trim()), "int", place));
        } catch (NumberFormatException e) {
            faults.add(Fault.at(Fault.Kind.SETTING, place, "invalid value \"" + value + "\": write a whole number"));
        }
    }

    private void duration(String path, String value, Place place, List<Fault> faults) {
        if (Durations.parse(value).isEmpty()) {
            faults.add(Fault.at(
                    Fault.Kind.SETTING, place, "invalid duration \"" + value + "\"; write one such as 30s or 1m30s"));
        } else {
            values.put(path, new Node.Text(value, place));
        }
    }
}
