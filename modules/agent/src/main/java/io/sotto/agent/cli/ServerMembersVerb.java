package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code sotto server members}: the servers of a Nomad pool with the leader of each region, as Nomad's tool prints them.
 * Source: Nomad specification, section 4; golden/nomad-session.
 */
final class ServerMembersVerb implements NomadClientVerb {
    private static final String[] STATUSES = {"none", "alive", "leaving", "left", "failed"};

    @Override
    public String usage() {
        return """
            server members [options]

              Lists the servers of a Nomad pool, of all its regions, and who leads each region. Ends
              with 1 if that cannot be told of every region.""";
    }

    @Override
    public FlagSet flags() {
        return NomadClientVerb.flags(new FlagSet()
                .toggle("detailed", "Show all tags of each server.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error querying servers";
    }

    /** One server. */
    private record Row(Json member, Map<String, String> tags) {
        static Row of(Json member) {
            Map<String, String> tags = new TreeMap<>();
            member.get("Tags").asFields().forEach((name, value) -> tags.put(name, value.asText()));
            return new Row(member, tags);
        }

        String tag(String name) {
            return tags.getOrDefault(name, "");
        }

        String text(String field) {
            return member.get(field).asText();
        }

        /** Nomad's agents say a word, sotto's Consul's number. */
        String status() {
            long code = member.get("Status").asLong();
            boolean isNumber = member.get("Status") instanceof Json.Numeral && code >= 0 && code < STATUSES.length;
            return isNumber ? STATUSES[(int) code] : text("Status");
        }

        boolean isLeader(Map<String, String> leaders) {
            String ip = text("Addr");
            String address = (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + tag("port");
            return address.equals(leaders.get(tag("region")));
        }
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        ApiClient.Reply reply = api.get("/v1/agent/members");
        if (!reply.good()) {
            return failed(reply, console);
        }
        List<Row> rows;
        try {
            rows = rows(Json.parse(reply.body()));
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        Map<String, String> leaders = new TreeMap<>();
        List<String> unknown = leaders(rows, leaders, api);
        if (json) {
            console.out().println(json(rows, leaders).pretty());
        } else {
            console.out().print(Terminal.printable(flags.on("detailed") ? detailed(rows) : table(rows, leaders)));
        }
        if (!unknown.isEmpty()) {
            console.err()
                    .println("Error determining leaders: " + unknown.size()
                            + (unknown.size() == 1 ? " error" : " errors") + " occurred:");
            unknown.forEach(text -> console.err().println("\t* " + Terminal.printable(text)));
            return Exit.FAILED;
        }
        return Exit.DONE;
    }

    private static List<Row> rows(Json answer) {
        Json list = answer instanceof Json.Fields ? answer.get("Members") : answer;
        return list.asElements().stream()
                .map(Row::of)
                .filter(row -> row.tag("role").equals("nomad"))
                .sorted(Comparator.<Row, String>comparing(row -> row.tag("region"))
                        .thenComparing(row -> row.tag("dc"))
                        .thenComparing(row -> row.text("Name")))
                .toList();
    }

    /** Fills in who leads which region; answers of which it cannot be told, and why. */
    private static List<String> leaders(List<Row> rows, Map<String, String> leaders, ApiClient api)
            throws UnreachableException {
        List<String> unknown = new ArrayList<>();
        for (String region :
                rows.stream().map(row -> row.tag("region")).distinct().toList()) {
            ApiClient.Reply reply = api.get("/v1/status/leader?region=" + ClientVerb.segment(region));
            try {
                if (reply.good()) {
                    leaders.put(region, Json.parse(reply.body()).asText());
                } else {
                    unknown.add("Region \"" + region + "\": " + reply.fault());
                }
            } catch (JsonException e) {
                unknown.add("Region \"" + region + "\": " + e.text());
            }
        }
        return unknown;
    }

    private static String table(List<Row> rows, Map<String, String> leaders) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("Name", "Address", "Port", "Status", "Leader", "Protocol", "Build", "Datacenter", "Region"));
        for (Row row : rows) {
            lines.add(List.of(
                    row.text("Name"),
                    row.text("Addr"),
                    row.text("Port"),
                    row.status(),
                    Boolean.toString(row.isLeader(leaders)),
                    row.text("ProtocolCur"),
                    row.tag("build"),
                    row.tag("dc"),
                    row.tag("region")));
        }
        return Columns.format(lines);
    }

    private static String detailed(List<Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("Name", "Address", "Port", "Tags"));
        for (Row row : rows) {
            List<String> tags = new ArrayList<>();
            row.tags().forEach((name, value) -> tags.add(name + "=" + value));
            lines.add(List.of(row.text("Name"), row.text("Addr"), row.text("Port"), String.join(",", tags)));
        }
        return Columns.format(lines);
    }

    private static Json json(List<Row> rows, Map<String, String> leaders) {
        List<Json> servers = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("name", Json.of(row.text("Name")));
            fields.put("addr", Json.of(row.text("Addr")));
            fields.put("port", row.member().get("Port"));
            fields.put("status", Json.of(row.status()));
            fields.put("leader", Json.of(row.isLeader(leaders)));
            fields.put("region", Json.of(row.tag("region")));
            fields.put("tags", Json.of(row.tags()));
            servers.add(new Json.Fields(fields));
        }
        return new Json.Fields(Map.of("servers", new Json.Elements(servers)));
    }
}
