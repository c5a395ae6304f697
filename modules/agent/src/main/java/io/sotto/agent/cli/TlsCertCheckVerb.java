package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.PeerRole;
import io.sotto.pki.Reason;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import io.sotto.pki.pem.PemSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** {@code sotto tls cert check -peer HOST:PORT}: calls a peer as an agent does, and says what is wrong and how to mend it. */
final class TlsCertCheckVerb implements Verb {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final CertificateFiles files;

    TlsCertCheckVerb(CertificateFiles files) {
        this.files = files;
    }

    @Override
    public String usage() {
        return """
            tls cert check -peer HOST:PORT [options]

              Calls a peer by TLS as an agent does, and says what was expected, what was found, and
              the command that mends it. Without -ca, -cert and -key the files of this directory
              are used that tls ca create and tls cert create write, also under their older names.
              Ends with 0 if the peer is a server of the datacenter and takes our certificate, 1 if
              one of both refuses the other, 4 if the peer cannot be reached.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .value("peer", "host:port", "The peer: its RPC port, or with -https its HTTPS port.")
                .toggle("https", "Begin with TLS at once, as HTTPS does; without, with the type byte of RPC.")
                .toggle("any-member", "Let a certificate that is no server's pass too.")
                .value("ca", "file", "Trusted authorities. Default <domain>-agent-ca.pem.")
                .value(
                        "cert",
                        "file",
                        "Our certificate. Default the first of a cli, a client or a server here, if any.")
                .value("key", "file", "Its key. Default the name of the certificate with -key.")
                .value("crl", "file", "A revocation list; may be given several times.")
                .value("dc", "name", "Datacenter of the peer. Default dc1.")
                .value("domain", "name", "Domain of the agents. Default consul.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        InetSocketAddress peer = address(flags.value("peer", ""));
        ThisMachine machine = ThisMachine.here();
        CheckReport report =
                new CheckReport(flags.value("peer", ""), flags.value("dc", "dc1"), flags.value("domain", "consul"));
        TlsSnapshot snapshot;
        try {
            snapshot = TlsSnapshot.create(settings(flags, report), 1, machine::now);
        } catch (CertificateFiles.Fault e) {
            console.err().println("Error: " + e.text());
            return Exit.FAILED;
        } catch (InvalidTlsException e) {
            e.faults().forEach(fault -> console.err().println("Error: " + fault));
            return Exit.FAILED;
        }
        int code = call(peer, snapshot, flags, machine.now(), report);
        if (json) {
            console.out().println(report.json().pretty());
        } else {
            (code == Exit.DONE ? console.out() : console.err()).print(report.text());
        }
        return code;
    }

    private static int call(
            InetSocketAddress peer, TlsSnapshot snapshot, ParsedFlags flags, Instant now, CheckReport report) {
        PeerRole expected = flags.on("any-member") ? PeerRole.MEMBER : PeerRole.SERVER;
        boolean https = flags.on("https");
        if (peer.isUnresolved()) {
            report.unreachable("no such host");
            return Exit.UNREACHABLE;
        }
        try (TlsPeer connection = TlsPeer.connect(peer, snapshot.dial(expected), TIMEOUT_MILLIS)) {
            try {
                connection.confirm(https);
                report.good(connection.protocol(), connection.shown().map(CertificateFacts::of), now);
                return Exit.DONE;
            } catch (SSLException refusal) {
                report.refused(PeerRefused.from(refusal), now);
            } catch (SocketTimeoutException silent) {
                report.refused(
                        new PeerRefused(
                                Reason.PLAINTEXT,
                                "no answer within " + TIMEOUT_MILLIS / 1000 + " s",
                                "a TLS handshake",
                                "silence",
                                Optional.empty()),
                        now);
            } catch (IOException ended) {
                report.refused(
                        new PeerRefused(
                                Reason.HANDSHAKE,
                                "EOF",
                                "an answer inside TLS",
                                "the end of the connection",
                                Optional.empty()),
                        now);
            }
            return Exit.FAILED;
        } catch (IOException e) {
            report.unreachable(e instanceof SocketTimeoutException ? "i/o timeout" : "connection refused");
            return Exit.UNREACHABLE;
        }
    }

    private TlsSettings settings(ParsedFlags flags, CheckReport report) throws CertificateFiles.Fault {
        String domain = flags.value("domain", "consul");
        String datacenter = flags.value("dc", "dc1");
        String authority = flags.value("ca", domain + "-agent-ca.pem");
        report.uses(authority);
        List<PemSource> lists = new ArrayList<>();
        for (String list : flags.values("crl")) {
            lists.add(files.read(list));
        }
        TlsSettings.Builder settings = TlsSettings.builder(Dialect.SOTTO)
                .authorities(List.of(files.read(authority)))
                .revocations(lists)
                .domain(domain)
                .datacenter(datacenter)
                .verifyServerHostname(true);
        Optional<String> own =
                flags.has("cert") ? Optional.of(flags.value("cert", "")) : ownCertificate(datacenter, domain);
        if (own.isPresent()) {
            String key = flags.value("key", own.get().replaceFirst("\\.pem$", "") + "-key.pem");
            report.uses(own.get());
            settings.certificate(files.read(own.get())).key(files.read(key));
        }
        return settings.build();
    }

    /** The names that the tool gives now, then those of older guides. */
    private Optional<String> ownCertificate(String datacenter, String domain) {
        List<String> candidates = new ArrayList<>();
        for (String kind : List.of("cli", "client", "server")) {
            candidates.add(datacenter + "-" + kind + "-" + domain + "-0.pem");
            candidates.add(domain + "-" + kind + "-" + datacenter + "-0.pem");
        }
        return candidates.stream().filter(files::exists).findFirst();
    }

    private static InetSocketAddress address(String text) throws UsageException {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon <= 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new UsageException("invalid value \"" + text + "\" for flag -peer: use HOST:PORT");
        }
        String host = text.substring(0, colon);
        return new InetSocketAddress(host.replaceAll("^\\[|]$", ""), Integer.parseInt(port));
    }

    /** What is told in the end. */
    private static final class CheckReport {
        private final String peer;
        private final String datacenter;
        private final String domain;
        private final List<String> used = new ArrayList<>();
        private final Map<String, String> lines = new LinkedHashMap<>();

        CheckReport(String peer, String datacenter, String domain) {
            this.peer = peer;
            this.datacenter = datacenter;
            this.domain = domain;
            lines.put("peer", peer);
        }

        void uses(String file) {
            used.add(file);
            lines.put("using", String.join(", ", used));
        }

        void good(String protocol, Optional<CertificateFacts> shown, Instant now) {
            lines.put("protocol", protocol);
            shown.ifPresent(facts -> showed(facts, now));
            lines.put("verdict", "ok");
        }

        void refused(PeerRefused refused, Instant now) {
            refused.certificate().ifPresent(facts -> showed(facts, now));
            lines.put("refused", refused.text());
            lines.put("reason", refused.reason().name().toLowerCase(java.util.Locale.ROOT));
            if (!refused.expected().isEmpty()) {
                lines.put("expected", refused.expected());
            }
            if (!refused.found().isEmpty()) {
                lines.put("found", refused.found());
            }
            lines.put("mend", TlsMends.of(refused.reason(), datacenter, domain));
        }

        void unreachable(String why) {
            lines.put("refused", "dial tcp " + peer + ": " + why);
            lines.put("mend", "start the peer, or give its RPC port (8300) or, with -https, its HTTPS port (8501)");
        }

        Json json() {
            return Json.of(lines);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            lines.forEach((name, value) -> text.append(String.format(
                    java.util.Locale.ROOT,
                    "%-10s %s%n",
                    name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1),
                    value)));
            return text.toString();
        }

        private void showed(CertificateFacts facts, Instant now) {
            lines.put(
                    "showed",
                    (facts.commonName().isEmpty() ? facts.subject() : facts.commonName()) + ", "
                            + CertificateText.role(facts) + ", until " + facts.notAfter() + " ("
                            + CertificateText.left(facts, now) + "), serial " + facts.serial());
        }
    }
}
