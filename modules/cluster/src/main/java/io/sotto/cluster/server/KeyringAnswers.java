package io.sotto.cluster.server;

import io.sotto.cluster.KeyringReport;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import io.sotto.wire.rpc.consul.Internal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a pool said of its keys, as a real server tells it. Pure. Source: RPC specification, section 5. */
public final class KeyringAnswers {
    private KeyringAnswers() {}

    /**
     * What all members of a pool said. The keys themselves are what is asked for by a list.
     *
     * @param datacenter of the server that asked them
     */
    public static Internal.KeyringAnswer of(boolean wan, String datacenter, boolean isList, KeyringReport report) {
        Map<String, String> messages = new TreeMap<>();
        report.answers().forEach((name, said) -> {
            if (!said.message().isEmpty()) {
                messages.put(name, said.message());
            }
        });
        // Ours: a real server does not say who.
        report.silent().forEach(name -> messages.put(name, "no answer"));
        Optional<String> error = error(report);
        return new Internal.KeyringAnswer(
                wan,
                datacenter,
                "",
                messages,
                counts(report.keyCounts()),
                isList && error.isEmpty()
                        ? counts(report.primaryCounts())
                        : Map.of("", report.answers().size()),
                report.refused().isPresent() ? 0 : report.members(),
                error.orElse(""));
    }

    /** A key as a request to a server of another datacenter has it. A secret. */
    static String sent(GossipKey key) {
        return key.toBase64(KeyAccess.KEY_QUERY);
    }

    /** An operation that nobody was asked to do. */
    public static Internal.KeyringAnswer failed(boolean wan, String datacenter, String error) {
        return new Internal.KeyringAnswer(wan, datacenter, "", Map.of(), Map.of(), Map.of(), 0, error);
    }

    /** The same reason from every one of these. */
    static Internal.KeyringAnswer refused(boolean wan, String datacenter, List<String> members, String reason) {
        Map<String, String> messages = new TreeMap<>();
        members.forEach(name -> messages.put(name, reason));
        int count = members.size();
        return new Internal.KeyringAnswer(
                wan,
                datacenter,
                "",
                messages,
                Map.of(),
                Map.of("", count),
                count,
                count + "/" + count + " nodes reported failure");
    }

    private static Optional<String> error(KeyringReport report) {
        if (report.refused().isPresent()) {
            return report.refused();
        }
        long failed =
                report.answers().values().stream().filter(said -> !said.done()).count();
        if (failed > 0) {
            return Optional.of(failed + "/" + report.members() + " nodes reported failure");
        }
        int answered = report.members() - report.silent().size();
        return answered == report.members()
                ? Optional.empty()
                : Optional.of(answered + "/" + report.members() + " nodes reported success");
    }

    private static Map<String, Integer> counts(Map<GossipKey, Integer> counts) {
        Map<String, Integer> sorted = new TreeMap<>();
        counts.forEach((key, count) -> sorted.put(key.toBase64(KeyAccess.KEY_LISTING), count));
        return sorted;
    }
}
