package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.pki.authority.CertificateAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code sotto tls ca create}: an authority, in two files of this directory. Source: TLS specification, section 7. */
final class TlsCaCreateVerb implements Verb {
    private final CertificateFiles files;

    TlsCaCreateVerb(CertificateFiles files) {
        this.files = files;
    }

    @Override
    public String usage() {
        return """
            tls ca create [options]

              Makes an authority that issues certificates for TLS between agents: its certificate,
              which every agent trusts as ca_file, and its key, which belongs on none of them.
              Writes <domain>-agent-ca.pem and <domain>-agent-ca-key.pem (mode 0600) here, never
              over a file that is there.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .value("days", "n", "How long it is valid. Default 1825.")
                .value("domain", "name", "Domain of the agents. Default consul.")
                .toggle("name-constraint", "It may sign for names below the domain and for localhost only.")
                .value(
                        "additional-name-constraint",
                        "name",
                        "With -name-constraint, one more name to sign for; may be given several times.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        String domain = flags.value("domain", "consul");
        Duration validity = days(flags, (int) CertificateAuthority.DEFAULT_VALIDITY.toDays());
        String certificate = domain + "-agent-ca.pem";
        String key = domain + "-agent-ca-key.pem";
        for (String file : List.of(certificate, key)) {
            if (files.exists(file)) {
                console.err().println(file + " already exists.");
                return Exit.FAILED;
            }
        }
        List<String> names = new ArrayList<>();
        if (flags.on("name-constraint")) {
            names.addAll(flags.values("additional-name-constraint"));
            names.add(domain);
            names.add("localhost");
        }
        ThisMachine machine = ThisMachine.here();
        CertificateAuthority authority = CertificateAuthority.create(machine.random(), machine.now(), validity, names);
        try {
            files.writeCertificate(certificate, authority.certificatePem());
            files.writeKey(key, authority.keyPem());
        } catch (CertificateFiles.Fault e) {
            console.err().println(e.text());
            return Exit.FAILED;
        }
        if (json) {
            console.out()
                    .println(Json.of(Map.of("certificate", certificate, "key", key))
                            .pretty());
        } else {
            console.out().println("==> Saved " + certificate);
            console.out().println("==> Saved " + key);
        }
        return Exit.DONE;
    }

    /** A hundred years at most: what is longer is a mistake. */
    static Duration days(ParsedFlags flags, int fallback) throws UsageException {
        String text = flags.value("days", Integer.toString(fallback));
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 36_500) {
            throw new UsageException("invalid value \"" + text + "\" for flag -days: use 1 to 36500");
        }
        return Duration.ofDays(Integer.parseInt(text));
    }
}
