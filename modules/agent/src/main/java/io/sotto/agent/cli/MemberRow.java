package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One member of the API's list, as the verb prints it. Source: golden/cli-members. */
final class MemberRow implements Comparable<MemberRow> {
    private static final String[] STATUSES = {"none", "alive", "leaving", "left", "failed"};

    private final Json member;
    private final Map<String, String> tags = new TreeMap<>();

    MemberRow(Json member) {
        this.member = member;
        for (Map.Entry<String, Json> tag : member.get("Tags").asFields().entrySet()) {
            tags.put(tag.getKey(), tag.getValue().asText());
        }
        if (tags.getOrDefault("segment", "").isEmpty()) {
            if (role().equals("consul")) {
                tags.put("segment", "<all>");
            } else if (role().equals("node") || tags.containsKey("segment")) {
                tags.put("segment", "<default>");
            }
        }
    }

    String name() {
        return member.get("Name").asText();
    }

    String status() {
        long code = member.get("Status").asLong();
        return code >= 0 && code < STATUSES.length ? STATUSES[(int) code] : "unknown status " + code;
    }

    List<String> cells() {
        List<String> cells = start();
        switch (role()) {
            case "node" -> cells.add("client");
            case "consul" -> cells.add("server");
            default -> cells.add("unknown");
        }
        String build = tag("build");
        int colon = build.indexOf(':');
        cells.add(colon < 0 ? build : build.substring(0, colon));
        cells.add(tag("vsn"));
        cells.add(tag("dc"));
        cells.add(tag("segment"));
        return cells;
    }

    List<String> detailedCells() {
        StringBuilder list = new StringBuilder();
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            list.append(list.length() == 0 ? "" : ",")
                    .append(tag.getKey())
                    .append('=')
                    .append(tag.getValue());
        }
        List<String> cells = start();
        cells.add(list.toString());
        return cells;
    }

    /** The shape that {@code serf members -format=json} prints. */
    Json json() {
        Map<String, Json> protocol = new LinkedHashMap<>();
        protocol.put("min", member.get("DelegateMin"));
        protocol.put("max", member.get("DelegateMax"));
        protocol.put("version", member.get("DelegateCur"));
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("name", Json.of(name()));
        fields.put("addr", Json.of(address()));
        fields.put("port", member.get("Port"));
        fields.put("tags", member.get("Tags"));
        fields.put("status", Json.of(status()));
        fields.put("protocol", new Json.Fields(protocol));
        return new Json.Fields(fields);
    }

    @Override
    public int compareTo(MemberRow other) {
        int bySegment = tag("segment").compareTo(other.tag("segment"));
        return bySegment != 0 ? bySegment : name().compareTo(other.name());
    }

    private List<String> start() {
        List<String> cells = new ArrayList<>();
        cells.add(name());
        cells.add(address());
        cells.add(status());
        return cells;
    }

    private String address() {
        String ip = member.get("Addr").asText();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":"
                + member.get("Port").asText();
    }

    private String role() {
        return tag("role");
    }

    private String tag(String name) {
        return tags.getOrDefault(name, "");
    }
}
