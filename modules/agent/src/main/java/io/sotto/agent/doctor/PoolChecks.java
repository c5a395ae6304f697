package io.sotto.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether members are there and can be reached. */
final class PoolChecks {
    /** What gossip sends at most in a datagram, with the headers of IPv6 and UDP. */
    private static final int PACKET_BYTES = 1_400 + 48;

    private static final long WARN_DAYS = 30;

    private PoolChecks() {}

    static List<Finding> members(PoolSeen pool) {
        List<Finding> findings = new ArrayList<>();
        for (MemberSeen member : pool.members()) {
            if (member.status().equals("failed")) {
                findings.add(Finding.warning(
                        member.name(),
                        "has failed, at " + member.address(),
                        "start it again, or let it go: sotto force-leave " + member.name()));
            }
        }
        if (pool.members().size() == 1) {
            findings.add(Finding.note(pool.members().get(0).name(), "is alone in its pool", "sotto join ADDRESS"));
        }
        return findings;
    }

    static List<Finding> udp(PoolSeen pool) {
        Set<String> acked = pool.acked().orElse(Set.of());
        List<Finding> findings = new ArrayList<>();
        for (MemberSeen member : pool.members()) {
            if (member.alive() && !acked.contains(member.name())) {
                findings.add(Finding.problem(
                        member.name(),
                        "no ack came back by gossip, though it is listed as alive at " + member.address(),
                        "let UDP port " + pool.gossipPort() + " through both ways between this agent and "
                                + member.address() + ", then sotto reachability -verbose"));
            }
        }
        return findings;
    }

    static List<Finding> tcp(PoolSeen pool) {
        List<Finding> findings = new ArrayList<>();
        new TreeMap<>(pool.unreached())
                .forEach((name, unreached) -> findings.add(Finding.problem(
                        name,
                        unreached.address() + ": " + unreached.why(),
                        "let TCP through to " + unreached.address() + ", then sotto doctor")));
        return findings;
    }

    static List<Finding> mtu(PoolSeen pool) {
        List<Finding> findings = new ArrayList<>();
        pool.mtu()
                .filter(seen -> seen.bytes() < PACKET_BYTES)
                .ifPresent(seen -> findings.add(Finding.warning(
                        seen.name(),
                        "takes packets of " + seen.bytes() + " bytes, gossip sends up to " + PACKET_BYTES
                                + ": they are sent in pieces, which some networks drop",
                        "ip link set dev " + seen.name() + " mtu 1500")));
        if (pool.ackedLarge().isPresent()) {
            Set<String> small = new TreeSet<>(pool.acked().orElse(Set.of()));
            small.removeAll(pool.ackedLarge().get());
            small.forEach(name -> findings.add(Finding.warning(
                    name,
                    "acks small gossip and not what nearly fills a packet",
                    "ping -M do -s 1400 " + addressOf(pool, name)
                            + ", and raise the MTU of the link that refuses it")));
        }
        return findings;
    }

    private static String addressOf(PoolSeen pool, String name) {
        return pool.members().stream()
                .filter(member -> member.name().equals(name))
                .map(member -> member.address().replaceAll(":\\d+$|^\\[|\\](?=:\\d+$)", ""))
                .findFirst()
                .orElse(name);
    }

    static List<Finding> servers(PoolSeen pool) {
        List<Finding> findings = new ArrayList<>();
        new TreeMap<>(pool.servers()).forEach((name, server) -> {
            if (!server.refused().isEmpty()) {
                findings.add(Finding.problem(name, server.address() + ": " + server.refused(), server.mend()));
            } else {
                server.daysLeft()
                        .filter(days -> days < WARN_DAYS)
                        .ifPresent(days -> findings.add(Finding.warning(
                                name,
                                "its certificate ends in " + days + (days == 1 ? " day" : " days"),
                                "sotto tls cert create -server, and put both files in place there")));
            }
        });
        return findings;
    }

    static List<Finding> versions(PoolSeen pool) {
        Map<String, List<String>> byBuild = new TreeMap<>();
        for (MemberSeen member : pool.members()) {
            // Of another product every version speaks for itself.
            String version = member.report().map(MemberSeen.Report::version).orElse("");
            if (!version.isEmpty() && member.alive()) {
                byBuild.computeIfAbsent(version, none -> new ArrayList<>()).add(member.name());
            }
        }
        if (byBuild.size() < 2) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        byBuild.forEach((version, names) -> parts.add(version + " on " + Names.some(names)));
        return List.of(Finding.note(
                "versions", "sotto members run " + String.join("; ", parts), "bring all to the newest, one by one"));
    }
}
