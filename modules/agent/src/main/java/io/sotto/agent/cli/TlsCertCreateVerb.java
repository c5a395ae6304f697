package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.pki.pem.PemException;
import io.sotto.pki.pem.PemSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code sotto tls cert create}: a certificate and its key. Source: TLS specification, section 7. */
final class TlsCertCreateVerb implements Verb {
    private static final String DOMAIN = "#DOMAIN#";
    private static final String WARNING = """
            ==> WARNING: Server Certificates grants authority to become a
                server and access all state in the cluster including root keys
                and all ACL tokens. Do not distribute them to production hosts
                that are not server nodes. Store them as securely as CA keys.""";

    private final CertificateFiles files;

    TlsCertCreateVerb(CertificateFiles files) {
        this.files = files;
    }

    @Override
    public String usage() {
        return """
            tls cert create -server|-client|-cli [options]

              Makes a certificate for TLS between agents, signed by the authority whose files are
              here, and its key: <dc>-server-<domain>-0.pem and <dc>-server-<domain>-0-key.pem
              (mode 0600), or the next number that is free; client and cli likewise.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .toggle("server", "A server's certificate: the only kind that may act as one.")
                .toggle("client", "A client agent's certificate.")
                .toggle("cli", "A certificate for the command line.")
                .value("dc", "name", "Datacenter. Default dc1.")
                .value("domain", "name", "Domain of the agents. Default consul.")
                .value("node", "name", "With -server: also the name <node>.server.<dc>.<domain>.")
                .value("days", "n", "How long it is valid. Default 365.")
                .value("ca", "file", "The authority's certificate. Default " + DOMAIN + "-agent-ca.pem.")
                .value("key", "file", "The authority's key. Default " + DOMAIN + "-agent-ca-key.pem.")
                .value(
                        "additional-dnsname",
                        "name",
                        "One more DNS name; may be given several times. localhost is always there.")
                .value(
                        "additional-ipaddress",
                        "address",
                        "One more IP address; may be given several times. 127.0.0.1 is always there.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        Duration validity = TlsCaCreateVerb.days(flags, (int) CertificateRequest.DEFAULT_VALIDITY.toDays());
        List<String> kinds =
                Stream.of("server", "client", "cli").filter(flags::on).toList();
        try {
            if (kinds.size() != 1) {
                throw new CertificateFiles.Fault("Please provide either -server, -client, or -cli");
            }
            if (flags.has("node") && !flags.on("server")) {
                throw new CertificateFiles.Fault("-node requires -server");
            }
            return create(kinds.get(0), flags, validity, json, console);
        } catch (CertificateFiles.Fault e) {
            console.err().println(e.text());
            return Exit.FAILED;
        }
    }

    private int create(String kind, ParsedFlags flags, Duration validity, boolean json, Console console)
            throws CertificateFiles.Fault {
        String domain = flags.value("domain", "consul");
        String authorityFile = flags.value("ca", DOMAIN + "-agent-ca.pem").replace(DOMAIN, domain);
        String keyFile = flags.value("key", DOMAIN + "-agent-ca-key.pem").replace(DOMAIN, domain);
        CertificateAuthority authority = authority(authorityFile, keyFile);
        if (kind.equals("server")) {
            (json ? console.err() : console.out()).println(WARNING);
        }
        if (!json) {
            console.out().println("==> Using " + authorityFile + " and " + keyFile);
        }
        ThisMachine machine = ThisMachine.here();
        IssuedCertificate issued;
        try {
            issued = authority.issue(request(kind, flags, validity), machine.random(), machine.now());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CertificateFiles.Fault(
                    "Error making the certificate: a name or an address cannot be part of one");
        }
        String name = freeName(flags.value("dc", "dc1") + "-" + kind + "-" + domain);
        files.writeCertificate(name + ".pem", issued.certificatePem());
        files.writeKey(name + "-key.pem", issued.keyPem());
        if (json) {
            console.out()
                    .println(Json.of(Map.of("certificate", name + ".pem", "key", name + "-key.pem"))
                            .pretty());
        } else {
            console.out().println("==> Saved " + name + ".pem");
            console.out().println("==> Saved " + name + "-key.pem");
        }
        return Exit.DONE;
    }

    private CertificateAuthority authority(String authorityFile, String keyFile) throws CertificateFiles.Fault {
        PemSource certificate = read("Error reading CA: ", authorityFile);
        PemSource key = read("Error reading CA key: ", keyFile);
        try {
            return CertificateAuthority.read(certificate, key);
        } catch (PemException e) {
            throw new CertificateFiles.Fault("Error reading CA: " + e.getMessage());
        }
    }

    private PemSource read(String what, String file) throws CertificateFiles.Fault {
        try {
            return files.read(file);
        } catch (CertificateFiles.Fault e) {
            throw new CertificateFiles.Fault(what + e.text());
        }
    }

    private static CertificateRequest request(String kind, ParsedFlags flags, Duration validity) {
        String datacenter = flags.value("dc", "dc1");
        String domain = flags.value("domain", "consul");
        List<String> names = new ArrayList<>(flags.values("additional-dnsname"));
        List<String> addresses = flags.values("additional-ipaddress");
        CertificateRequest request = switch (kind) {
            case "server" -> CertificateRequest.server(datacenter, domain);
            case "client" -> CertificateRequest.client(datacenter, domain);
            default -> CertificateRequest.cli(datacenter, domain);
        };
        if (flags.has("node")) {
            names.add(flags.value("node", "") + ".server." + datacenter + "." + domain);
        }
        // the real tool leaves further names out of this kind
        CertificateRequest named = kind.equals("cli") ? request : request.with(names, addresses);
        return named.valid(Duration.ZERO, validity);
    }

    private String freeName(String prefix) {
        int number = 0;
        while (files.exists(prefix + "-" + number + ".pem") || files.exists(prefix + "-" + number + "-key.pem")) {
            number++;
        }
        return prefix + "-" + number;
    }
}
