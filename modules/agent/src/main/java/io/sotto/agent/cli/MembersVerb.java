package io.sotto.agent.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sotto members}. */
final class MembersVerb implements ClientVerb {
    @Override
    public String usage() {
        return """
            members [options]

              Lists the members of the pool that a running agent knows. Ends with 2 and prints
              nothing if no member is to be shown.""";
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("detailed", "Show all tags of each member.")
                .value("status", "regexp", "Show only members whose status matches: alive, leaving, left, failed.")
                .toggle("wan", "Ask for the WAN pool, which only servers have.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error retrieving members";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        Pattern status = null;
        if (flags.has("status")) {
            try {
                status = Pattern.compile(flags.value("status", ""));
            } catch (PatternSyntaxException e) {
                console.err().println("Failed to compile status regexp: " + e.getMessage());
                return Exit.FAILED;
            }
        }
        ApiClient.Reply reply = api.get("/v1/agent/members?segment=_all" + (flags.on("wan") ? "&wan=1" : ""));
        if (!reply.good()) {
            return failed(reply, console);
        }
        List<MemberRow> rows;
        try {
            rows = rows(Json.parse(reply.body()), status);
        } catch (JsonException e) {
            console.err().println(failure() + ": " + e.text());
            return Exit.FAILED;
        }
        if (json) {
            List<Json> elements = new ArrayList<>();
            for (MemberRow row : rows) {
                elements.add(row.json());
            }
            console.out().println(new Json.Fields(Map.of("members", new Json.Elements(elements))).pretty());
        } else if (!rows.isEmpty()) {
            console.out().print(table(rows, flags.on("detailed")));
        }
        tellOfPlaintext(console, api);
        return rows.isEmpty() ? Exit.PARTIAL : Exit.DONE;
    }

    /** On standard error, so that what programs read stays as it is; an agent that knows of none says nothing. */
    private static void tellOfPlaintext(Console console, ApiClient api) throws UnreachableException {
        ApiClient.Reply reply = api.get("/v1/agent/gossip/plaintext");
        try {
            if (reply.good() && Json.parse(reply.body()) instanceof Json.Fields phase) {
                console.err().println(GossipVerb.plaintext(phase));
            }
        } catch (JsonException notOurs) {
            // An agent of another kind: what it answers there says nothing.
        }
    }

    private static List<MemberRow> rows(Json list, @Nullable Pattern status) {
        List<MemberRow> rows = new ArrayList<>();
        for (Json member : list.asElements()) {
            MemberRow row = new MemberRow(member);
            if (status == null || status.matcher(row.status()).find()) {
                rows.add(row);
            }
        }
        Collections.sort(rows);
        return rows;
    }

    private static String table(List<MemberRow> rows, boolean detailed) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(
                detailed
                        ? List.of("Node", "Address", "Status", "Tags")
                        : List.of("Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Segment"));
        for (MemberRow row : rows) {
            lines.add(detailed ? row.detailedCells() : row.cells());
        }
        return Columns.format(lines);
    }
}
