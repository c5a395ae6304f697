package io.sotto.agent.http;

import io.sotto.agent.json.Json;
import io.sotto.cluster.KeyringReport;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.rpc.consul.Internal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What pools said of their keys, in the shapes and words of Consul. Pure.
 *
 * @param datacenter this node's
 * @param self this node, which comes first among the members of its pools
 */
record KeyringShapes(String datacenter, String self) {
    private static final Map<Internal.KeyringAction, String> DONE_IN = Map.of(
            Internal.KeyringAction.INSTALL, "Installed in ",
            Internal.KeyringAction.USE, "In use in ",
            Internal.KeyringAction.REMOVE, "Removed in ");

    /** What would cut somebody off if it were done next. */
    private static final Map<Internal.KeyringAction, String> BEFORE = Map.of(
            Internal.KeyringAction.INSTALL, ", and use the key only then",
            Internal.KeyringAction.USE, ", and remove the old key only then");

    /** One block for each pool. The keys themselves are what is asked for. */
    Json list(List<Internal.KeyringAnswer> answers) {
        return new Json.Elements(answers.stream().map(KeyringShapes::block).toList());
    }

    private static Json block(Internal.KeyringAnswer answer) {
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("WAN", Json.of(answer.wan()));
        fields.put("Datacenter", Json.of(answer.datacenter()));
        fields.put("Segment", Json.of(answer.segment()));
        fields.put("Keys", counts(answer.keys()));
        fields.put("PrimaryKeys", counts(answer.primaryKeys()));
        fields.put("NumNodes", Json.of(answer.numNodes()));
        return new Json.Fields(fields);
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

    /** What went wrong in any of the pools, if anything did; with what their members say of it. */
    Optional<String> failure(List<Internal.KeyringAnswer> answers) {
        List<String> errors = new ArrayList<>();
        for (Internal.KeyringAnswer answer : answers) {
            if (!answer.error().isEmpty()) {
                errors.add(pool(answer.wan(), answer.datacenter(), answer.segment()) + " error: " + answer.error());
                ordered(answer).forEach((name, message) -> errors.add(name + ": " + message));
            }
        }
        return errors.isEmpty() ? Optional.empty() : Optional.of(listed(errors));
    }

    /**
     * The same of a change; where it was made in some pools only, with which they are, and what goes on from there. Ours: a real
     * server tells only what went wrong.
     */
    Optional<String> failure(Internal.KeyringAction action, List<Internal.KeyringAnswer> answers) {
        List<String> done = pools(answers, true);
        List<String> missing = pools(answers, false);
        return failure(answers)
                .map(text -> done.isEmpty() || action == Internal.KeyringAction.LIST
                        ? text
                        : text + DONE_IN.getOrDefault(action, "") + String.join(", ", done) + "; not in "
                                + String.join(", ", missing) + ". Nothing is undone: repeat keyring "
                                + action.wireName()
                                + " with the same key, which changes nothing where it is done"
                                + BEFORE.getOrDefault(action, "") + ".\n");
    }

    private static List<String> pools(List<Internal.KeyringAnswer> answers, boolean isDone) {
        return answers.stream()
                .filter(answer -> answer.error().isEmpty() == isDone)
                .map(answer -> pool(answer.wan(), answer.datacenter(), answer.segment()))
                .toList();
    }

    /** One reason for a whole pool. */
    String failure(boolean wan, String reason) {
        return listed(List.of(pool(wan, datacenter, "") + " error: " + reason));
    }

    private static String pool(boolean wan, String datacenter, String segment) {
        return wan ? "WAN" : datacenter + " (LAN)" + (segment.isEmpty() ? "" : " [" + segment + "]");
    }

    private Map<String, String> ordered(Internal.KeyringAnswer answer) {
        Map<String, String> ordered = new LinkedHashMap<>();
        String own = answer.wan() ? self + "." + datacenter : self;
        if (answer.datacenter().equals(datacenter) && answer.messages().containsKey(own)) {
            ordered.put(own, answer.messages().getOrDefault(own, ""));
        }
        ordered.putAll(new TreeMap<>(answer.messages()));
        return ordered;
    }

    /** In the form in which Go's programs list several errors. */
    private static String listed(List<String> errors) {
        StringBuilder text = new StringBuilder().append(errors.size());
        text.append(errors.size() == 1 ? " error" : " errors").append(" occurred:\n");
        errors.forEach(error -> text.append("\t* ").append(error).append('\n'));
        return text.append('\n').toString();
    }

    private static Json counts(Map<String, Integer> counts) {
        Map<String, Json> sorted = new TreeMap<>();
        counts.forEach((key, count) -> sorted.put(key, Json.of(count)));
        return new Json.Fields(sorted);
    }
}
