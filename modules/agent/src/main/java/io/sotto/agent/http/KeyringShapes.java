package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.KeyringReport;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pool said of its keys, in the shapes and words of Consul. Pure.
 *
 * @param datacenter how the pool is named
 * @param self this node, which comes first
 */
record KeyringShapes(String datacenter, String self) {
    /** One block for the one pool. The keys themselves are what is asked for. */
    Json list(KeyringReport report) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("WAN", Json.of(false));
        fields.put("Datacenter", Json.of(datacenter));
        fields.put("Segment", Json.of(""));
        fields.put("Keys", counts(report.keyCounts()));
        fields.put("PrimaryKeys", counts(report.primaryCounts()));
        fields.put("NumNodes", Json.of(report.members()));
        return new Json.Elements(List.of(new Json.Fields(fields)));
    }

    /** Who holds which key, by ids, and whose primary is which; ours. */
    Json status(KeyringReport report) {
        List<Json> rings = new ArrayList<>();
        report.answers().forEach((name, answer) -> {
            Map<String, Json> ring = new LinkedHashMap<>();
            ring.put("Member", Json.of(name));
            ring.put("Keys", Json.of(answer.keys().stream().map(GossipKey::id).toList()));
            ring.put("Primary", Json.of(answer.primary().map(GossipKey::id).orElse("")));
            ring.put("Message", Json.of(answer.message()));
            rings.add(new Json.Fields(ring));
        });
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("Members", Json.of(report.members()));
        fields.put("Rings", new Json.Elements(rings));
        fields.put("Silent", Json.of(List.copyOf(report.silent())));
        return new Json.Fields(fields);
    }

    /** What went wrong, if anything did. */
    Optional<String> failure(KeyringReport report) {
        if (report.refused().isPresent()) {
            return Optional.of(failure(report.refused().get()));
        }
        Map<String, String> reasons = new LinkedHashMap<>();
        report.answers().forEach((name, answer) -> {
            if (!answer.done()) {
                reasons.put(name, answer.message());
            }
        });
        if (!reasons.isEmpty()) {
            return Optional.of(
                    listed(reasons.size() + "/" + report.members() + " nodes reported failure", ordered(reasons)));
        }
        int answered = report.members() - report.silent().size();
        return answered == report.members()
                ? Optional.empty()
                : Optional.of(listed(answered + "/" + report.members() + " nodes reported success", notes(report)));
    }

    /** The same reason from every one of these. */
    String failure(List<String> members, String reason) {
        Map<String, String> reasons = new LinkedHashMap<>();
        members.forEach(name -> reasons.put(name, reason));
        return listed(members.size() + "/" + members.size() + " nodes reported failure", ordered(reasons));
    }

    /** One reason for all. */
    String failure(String reason) {
        return listed(reason, Map.of());
    }

    /** Who did not answer, by name: Consul does not say. */
    private static Map<String, String> notes(KeyringReport report) {
        Map<String, String> notes = new LinkedHashMap<>();
        report.silent().forEach(name -> notes.put(name, "no answer"));
        return notes;
    }

    private Map<String, String> ordered(Map<String, String> reasons) {
        Map<String, String> ordered = new LinkedHashMap<>();
        String own = reasons.get(self);
        if (own != null) {
            ordered.put(self, own);
        }
        ordered.putAll(new TreeMap<>(reasons));
        return ordered;
    }

    /** In the form in which Go's programs list several errors. */
    private String listed(String error, Map<String, String> messages) {
        int count = 1 + messages.size();
        StringBuilder text = new StringBuilder().append(count).append(count == 1 ? " error" : " errors");
        text.append(" occurred:\n\t* ")
                .append(datacenter)
                .append(" (LAN) error: ")
                .append(error)
                .append('\n');
        messages.forEach((name, message) ->
                text.append("\t* ").append(name).append(": ").append(message).append('\n'));
        return text.append('\n').toString();
    }

    private static Json counts(Map<GossipKey, Integer> counts) {
        Map<String, Json> sorted = new TreeMap<>();
        counts.forEach((key, count) -> sorted.put(key.toBase64(KeyAccess.KEY_LISTING), Json.of(count)));
        return new Json.Fields(sorted);
    }
}
