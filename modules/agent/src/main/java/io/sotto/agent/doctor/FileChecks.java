package io.sotto.agent.doctor;

import io.sotto.pki.CertificateFacts;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The agent's own files: who may read them, and what its certificates say. */
final class FileChecks {
    /** From here on the agent's log warns too. */
    private static final long WARN_DAYS = 30;

    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> WRITES_OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private FileChecks() {}

    static List<Finding> modes(List<FileSeen> files) {
        List<Finding> findings = new ArrayList<>();
        for (FileSeen file : files) {
            boolean isDirectory = file.kind() == FileSeen.Kind.DATA_DIRECTORY;
            Set<PosixFilePermission> forbidden = isDirectory ? WRITES_OF_OTHERS : OF_OTHERS;
            if (file.mode().stream().noneMatch(forbidden::contains)) {
                continue;
            }
            String mode = PosixFilePermissions.toString(file.mode());
            String quoted = quoted(file.path());
            findings.add(
                    isDirectory
                            ? Finding.problem(
                                    file.path(),
                                    "others can put files in the place of "
                                            + file.kind().contents() + " (" + mode + ")",
                                    "chmod go-w " + quoted)
                            : Finding.problem(
                                    file.path(),
                                    "holds " + file.kind().contents() + ", which others than its owner can get at ("
                                            + mode + ")",
                                    "chmod 600 " + quoted));
        }
        return findings;
    }

    static List<Finding> certificates(MachineSeen machine, Optional<AgentSeen> agent, Instant now) {
        List<Finding> findings = new ArrayList<>();
        for (String fault : machine.unreadable()) {
            findings.add(
                    Finding.problem("tls", fault, "put the file in place, or correct its path, then sotto reload"));
        }
        for (CertificateSeen certificate : machine.certificates()) {
            expiry(certificate, agent, now).ifPresent(findings::add);
            if (!certificate.authority()) {
                agent.ifPresent(known -> findings.addAll(names(certificate, known)));
            }
        }
        return findings;
    }

    private static Optional<Finding> expiry(CertificateSeen certificate, Optional<AgentSeen> agent, Instant now) {
        CertificateFacts facts = certificate.facts();
        String what = certificate.authority() ? "the authority" : "the certificate";
        String mend = certificate.authority() ? "sotto tls ca create, in a directory of its own" : create(agent);
        if (facts.notBefore().isAfter(now)) {
            return Optional.of(Finding.problem(
                    certificate.path(), what + " is not valid before " + facts.notBefore(), "date -u, or wait"));
        }
        long days = Math.floorDiv(facts.left(now).toSeconds(), 86_400L);
        if (days < 0) {
            return Optional.of(Finding.problem(certificate.path(), what + " ended at " + facts.notAfter(), mend));
        }
        return days < WARN_DAYS
                ? Optional.of(Finding.warning(
                        certificate.path(), what + " ends in " + days + (days == 1 ? " day" : " days"), mend))
                : Optional.empty();
    }

    /** Whether the certificate lets the agent be what it is, and nothing more. */
    private static List<Finding> names(CertificateSeen certificate, AgentSeen agent) {
        CertificateFacts facts = certificate.facts();
        String wanted = "server." + agent.datacenter() + "." + agent.domain();
        boolean isServers = facts.dnsNames().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT)));
        List<Finding> findings = new ArrayList<>();
        if (agent.server() && !isServers) {
            findings.add(Finding.problem(
                    certificate.path(),
                    "is a server's and lacks the DNS name " + wanted + ": it has "
                            + (facts.dnsNames().isEmpty() ? "none" : String.join(", ", facts.dnsNames())),
                    create(Optional.of(agent))));
        } else if (!agent.server() && isServers) {
            findings.add(Finding.warning(
                    certificate.path(),
                    "is a server's certificate on an agent that is none: who steals it can be a server",
                    create(Optional.of(agent))));
        }
        List<String> usages = facts.usages();
        for (String usage : agent.server() ? List.of("serverAuth", "clientAuth") : List.of("clientAuth")) {
            if (!usages.isEmpty() && !usages.contains(usage) && !usages.contains("any")) {
                findings.add(Finding.problem(
                        certificate.path(),
                        "is not for " + usage + ", which it is used for",
                        create(Optional.of(agent))));
            }
        }
        return findings;
    }

    private static String create(Optional<AgentSeen> agent) {
        return "sotto tls cert create "
                + agent.map(known -> (known.server() ? "-server" : "-client") + " -dc " + known.datacenter()
                                + " -domain " + known.domain())
                        .orElse("-client")
                + ", and put both files in place";
    }

    /** As a shell takes it. */
    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9_./@%+=:,-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
