package io.sotto.cluster.server;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.cluster.Member;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RingAnswer;
import io.sotto.membership.rotation.RingPlace;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.rpc.consul.Internal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * What a rotation of the LAN pool's key covers besides: every ring of the WAN pool, and the LAN pools of other datacenters, each as
 * a whole, since their servers tell only how many rings a key is on.
 *
 * <p>A datacenter is there while any of its servers is alive in the WAN pool. Source: ours; RPC specification, section 5, for what
 * servers say.
 */
final class RingsElsewhere implements OtherRings {
    private final String own;
    private final GossipView wan;
    private final DatacenterKeyrings keyrings;

    /** @param own the datacenter whose LAN pool is not elsewhere */
    RingsElsewhere(String own, GossipView wan, DatacenterKeyrings keyrings) {
        this.own = own;
        this.wan = wan;
        this.keyrings = keyrings;
    }

    @Override
    public Attendance members() {
        Set<String> alive = new HashSet<>();
        Set<String> failed = new HashSet<>();
        Set<String> left = new HashSet<>();
        for (Member member : wan.members()) {
            Optional<Set<String>> group = switch (member.status()) {
                case ALIVE, LEAVING -> Optional.of(alive);
                case FAILED -> Optional.of(failed);
                case LEFT -> Optional.of(left);
                case NONE -> Optional.empty();
            };
            String datacenter = member.tags().getOrDefault("dc", "");
            group.ifPresent(names -> {
                names.add(RingPlace.inWan(member.name()));
                if (!datacenter.isEmpty() && !datacenter.equals(own)) {
                    names.add(RingPlace.lanOf(datacenter));
                }
            });
        }
        failed.removeAll(alive);
        left.removeAll(alive);
        left.removeAll(failed);
        return Attendance.of(alive, failed, left);
    }

    @Override
    public CompletionStage<Told> ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
        CompletionStage<Told> all = inWan(operation, key, relayFactor).thenApply(this::told);
        Internal.KeyringAction action = action(operation);
        DatacenterKeyrings.Task task = new DatacenterKeyrings.Task(
                action, key.map(KeyringAnswers::sent).orElse(""), relayFactor, "");
        for (String datacenter : keyrings.others()) {
            all = all.thenCombine(
                    keyrings.there(datacenter, task),
                    (told, answers) ->
                            and(told, RingPlace.lanOf(datacenter), action == Internal.KeyringAction.LIST, answers));
        }
        return all;
    }

    private CompletionStage<KeyringReport> inWan(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
        ClusterKeyring keyring = wan.keyring();
        return switch (operation) {
            case LIST -> keyring.list(relayFactor);
            case INSTALL -> keyring.install(key.orElseThrow(), relayFactor);
            case USE -> keyring.use(key.orElseThrow(), relayFactor);
            case REMOVE -> keyring.remove(key.orElseThrow(), relayFactor);
        };
    }

    private Told told(KeyringReport report) {
        Map<String, RingAnswer> answers = new HashMap<>();
        List<GossipKey> keys = new ArrayList<>();
        report.answers().forEach((name, said) -> {
            keys.addAll(said.keys());
            answers.put(
                    RingPlace.inWan(name),
                    new RingAnswer(
                            said.done(),
                            said.message(),
                            said.keys().stream().map(GossipKey::id).toList(),
                            said.primary().map(GossipKey::id)));
        });
        Map<String, String> unasked = new HashMap<>();
        report.refused()
                .ifPresent(why -> wan.members().stream()
                        .filter(member -> member.status() == Member.Status.ALIVE)
                        .forEach(member -> unasked.put(RingPlace.inWan(member.name()), why)));
        return new Told(answers, unasked, keys);
    }

    private static Told and(Told told, String name, boolean isList, List<Internal.KeyringAnswer> said) {
        Map<String, RingAnswer> answers = new HashMap<>(told.answers());
        Map<String, String> unasked = new HashMap<>(told.unasked());
        List<GossipKey> keys = new ArrayList<>(told.keys());
        String error = said.stream()
                .filter(answer -> !answer.error().isEmpty())
                .map(RingsElsewhere::error)
                .collect(Collectors.joining("; "));
        if (!error.isEmpty() && isList) {
            unasked.put(name, error);
        } else if (isList) {
            Ids ids = new Ids(said, keys);
            answers.put(name, ids.answer());
        } else {
            answers.put(name, new RingAnswer(error.isEmpty(), error, List.of(), Optional.empty()));
        }
        return new Told(answers, unasked, keys);
    }

    private static String error(Internal.KeyringAnswer answer) {
        List<String> words = new ArrayList<>(List.of(answer.error()));
        new TreeMap<>(answer.messages()).forEach((name, message) -> words.add(name + ": " + message));
        return String.join(", ", words);
    }

    /** What the counts of a datacenter's pools mean, by ids. */
    private static final class Ids {
        private final Map<String, String> known = new HashMap<>();
        private final List<GossipKey> keys;
        private final Set<String> everywhere = new TreeSet<>();
        private final Set<String> somewhere = new TreeSet<>();
        private final Set<String> primaries = new TreeSet<>();
        private boolean isOnePrimary = true;

        /** @param keys takes the keys themselves */
        Ids(List<Internal.KeyringAnswer> pools, List<GossipKey> keys) {
            this.keys = keys;
            SortedMap<String, Integer> on = new TreeMap<>();
            for (Internal.KeyringAnswer pool : pools) {
                pool.keys().forEach((key, rings) -> on.merge(id(key), rings >= pool.numNodes() ? 1 : 0, Integer::sum));
                pool.primaryKeys().forEach((key, rings) -> {
                    primaries.add(id(key));
                    isOnePrimary &= rings >= pool.numNodes();
                });
            }
            on.forEach((key, wholePools) -> (wholePools == pools.size() ? everywhere : somewhere).add(key));
        }

        /** What is no key stands for itself: it is nobody's. */
        private String id(String key) {
            return known.computeIfAbsent(key, text -> {
                try {
                    GossipKey parsed = GossipKey.parse(text);
                    keys.add(parsed);
                    return parsed.id();
                } catch (IllegalArgumentException e) {
                    return "none";
                }
            });
        }

        RingAnswer answer() {
            boolean isOne = isOnePrimary && primaries.size() == 1;
            return new RingAnswer(
                    true,
                    "",
                    List.copyOf(everywhere),
                    isOne ? primaries.stream().findFirst() : Optional.empty(),
                    somewhere,
                    isOne ? Set.of() : primaries);
        }
    }

    private static Internal.KeyringAction action(KeyOperation operation) {
        return switch (operation) {
            case LIST -> Internal.KeyringAction.LIST;
            case INSTALL -> Internal.KeyringAction.INSTALL;
            case USE -> Internal.KeyringAction.USE;
            case REMOVE -> Internal.KeyringAction.REMOVE;
        };
    }
}
