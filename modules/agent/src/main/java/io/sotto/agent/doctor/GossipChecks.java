package io.sotto.agent.doctor;

import io.sotto.agent.doctor.MemberSeen.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether gossip is sealed, and whether all can open what each seals. */
final class GossipChecks {
    private GossipChecks() {}

    static List<Finding> plaintext(PoolSeen pool, Optional<AgentSeen> agent) {
        List<Finding> findings = new ArrayList<>();
        if (agent.isPresent() && !agent.get().keyed()) {
            findings.add(
                    Finding.problem(
                            agent.get().name(),
                            "gossip is in the clear: whoever is on the network can read it, join, and take members away",
                            "sotto keygen, then encrypt = \"KEY\" on every member with both verify flags off, then sotto gossip status"));
            return findings;
        }
        for (MemberSeen member : there(pool)) {
            boolean sendsPlain = member.report()
                    .map(report -> !report.verifyOutgoing() || report.primary().isEmpty())
                    .orElseGet(() ->
                            member.traffic().filter(MemberSeen.Traffic::plain).isPresent());
            if (sendsPlain) {
                findings.add(Finding.problem(
                        member.name(),
                        "sends gossip in the clear, from " + member.address(),
                        "encrypt_verify_outgoing = true there, and the key, then sotto reload"));
            }
        }
        agent.filter(known -> !known.refusesPlain())
                .ifPresent(known -> findings.add(
                        findings.isEmpty()
                                ? Finding.warning(
                                        known.name(),
                                        "takes plaintext in beside its key",
                                        "sotto gossip status; once incoming is safe: encrypt_verify_incoming = true, then sotto reload")
                                : Finding.note(
                                        known.name(),
                                        "takes plaintext in beside its key, which those above still need",
                                        "sotto gossip status")));
        if (pool.plaintextOverdueSeconds() > 0) {
            findings.add(Finding.problem(
                    "plaintext_until",
                    "is past by " + pool.plaintextOverdueSeconds() + " s and plaintext is still let in",
                    "sotto gossip status, and encrypt_verify_incoming = true where it says so"));
        }
        return findings;
    }

    static List<Finding> keys(PoolSeen pool) {
        Map<String, List<String>> sealers = new TreeMap<>();
        for (MemberSeen member : there(pool)) {
            if (!member.key().isEmpty()) {
                sealers.computeIfAbsent(member.key(), none -> new ArrayList<>()).add(member.name());
            }
        }
        List<Finding> findings = new ArrayList<>();
        sealers.forEach((key, names) -> {
            List<String> lacking = there(pool).stream()
                    .filter(member -> member.report()
                            .filter(report -> !report.primary().isEmpty()
                                    && !report.keys().contains(key))
                            .isPresent())
                    .map(MemberSeen::name)
                    .toList();
            if (!lacking.isEmpty()) {
                findings.add(Finding.problem(
                        Names.some(lacking),
                        "cannot open what " + Names.some(names) + " seals with key " + key,
                        "sotto keyring install KEY, of that id, from a member that holds it"));
            }
        });
        String most = sealers.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(Map.Entry::getKey)
                .orElse("");
        sealers.forEach((key, names) -> {
            if (!key.equals(most)) {
                findings.add(Finding.warning(
                        Names.some(names),
                        "seals with key " + key + ", most with " + most,
                        "sotto keyring status, then sotto keyring use KEY"));
            }
        });
        TreeSet<String> unused = new TreeSet<>();
        there(pool).forEach(member -> member.report().map(Report::keys).ifPresent(unused::addAll));
        unused.removeAll(sealers.keySet());
        for (String key : unused) {
            findings.add(Finding.note(
                    key,
                    "is held and nobody seals with it",
                    "sotto gossip status; once it is safe: sotto keyring remove KEY"));
        }
        return findings;
    }

    static List<Finding> labels(PoolSeen pool) {
        Map<String, List<String>> byLabel = new TreeMap<>();
        List<Finding> findings = new ArrayList<>();
        for (MemberSeen member : there(pool)) {
            member.report().ifPresent(report -> {
                byLabel.computeIfAbsent(report.label(), none -> new ArrayList<>())
                        .add(member.name());
                if (!report.labelEnforced()) {
                    findings.add(Finding.note(
                            member.name(),
                            "takes packets of other labels besides its own",
                            "label_accept = [] there, then sotto reload"));
                }
            });
        }
        String most = byLabel.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(Map.Entry::getKey)
                .orElse("");
        byLabel.forEach((label, names) -> {
            if (!label.equals(most)) {
                findings.add(Finding.problem(
                        Names.some(names),
                        "sends " + shown(label) + ", most send " + shown(most),
                        "label = \"" + most + "\" there, then sotto reload"));
            }
        });
        return findings;
    }

    static List<Finding> refused(PoolSeen pool) {
        List<Finding> findings = new ArrayList<>();
        for (MemberSeen member : pool.members()) {
            if (!member.refused().isEmpty()) {
                findings.add(Finding.warning(
                        member.name(),
                        "packets from its address were refused: " + String.join(", ", member.refused()),
                        "sotto metrics rejected, and docs/reference/rejections.md for what each reason asks for"));
            }
        }
        return findings;
    }

    private static String shown(String label) {
        return label.isEmpty() ? "no label" : "the label \"" + label + "\"";
    }

    private static List<MemberSeen> there(PoolSeen pool) {
        return pool.members().stream().filter(MemberSeen::alive).toList();
    }
}
