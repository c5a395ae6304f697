package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code sotto tls cert inspect FILE…}: what PEM files hold, private keys excepted. */
final class TlsCertInspectVerb implements Verb {
    private final CertificateFiles files;

    TlsCertInspectVerb(CertificateFiles files) {
        this.files = files;
    }

    @Override
    public String usage() {
        return """
            tls cert inspect [options] FILE...

              Shows what PEM files hold: each certificate with its names, its usage, whom it may
              act as and how long it is valid; revocation lists; and whether there is a private
              key, which is never shown.""";
    }

    @Override
    public Choices arguments() {
        return Choices.FILES;
    }

    @Override
    public FlagSet flags() {
        return new FlagSet().value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        if (flags.arguments().isEmpty()) {
            throw new UsageException("tls cert inspect needs a file");
        }
        Instant now = ThisMachine.here().now();
        List<Json> all = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int code = Exit.DONE;
        for (String file : flags.arguments()) {
            try {
                PemContents contents = PemContents.of(files.read(file));
                all.add(json(contents, now));
                text.append(text.isEmpty() ? "" : "\n").append(text(contents, now));
            } catch (PemException e) {
                console.err().println("Error: " + e.getMessage());
                code = Exit.FAILED;
            } catch (CertificateFiles.Fault e) {
                console.err().println("Error: " + e.text());
                code = Exit.FAILED;
            }
        }
        console.out()
                .print(
                        json
                                ? new Json.Fields(Map.of("files", new Json.Elements(all))).pretty() + "\n"
                                : text.toString());
        return code;
    }

    private static String text(PemContents contents, Instant now) throws PemException {
        StringBuilder text = new StringBuilder(contents.name()).append('\n');
        for (X509Certificate certificate : certificates(contents)) {
            text.append('\n').append(CertificateText.lines(CertificateFacts.of(certificate), now));
        }
        for (X509CRL list : lists(contents)) {
            text.append("\nRevocation list of ")
                    .append(list.getIssuerX500Principal().getName())
                    .append(": ")
                    .append(revoked(list))
                    .append(" revoked, of ")
                    .append(list.getThisUpdate().toInstant())
                    .append(", next ")
                    .append(nextUpdate(list))
                    .append('\n');
        }
        if (contents.holdsKey()) {
            text.append("\nA private key, not shown.\n");
        }
        return text.toString();
    }

    private static Json json(PemContents contents, Instant now) throws PemException {
        Map<String, Json> json = new LinkedHashMap<>();
        json.put("file", Json.of(contents.name()));
        json.put(
                "certificates",
                new Json.Elements(certificates(contents).stream()
                        .map(certificate -> CertificateText.json(CertificateFacts.of(certificate), now))
                        .toList()));
        json.put(
                "revocation_lists",
                new Json.Elements(
                        lists(contents).stream().map(TlsCertInspectVerb::json).toList()));
        json.put("private_key", Json.of(contents.holdsKey()));
        return new Json.Fields(json);
    }

    private static Json json(X509CRL list) {
        Map<String, Json> json = new LinkedHashMap<>();
        json.put("issuer", Json.of(list.getIssuerX500Principal().getName()));
        json.put("revoked", Json.of(revoked(list)));
        json.put("this_update", Json.of(list.getThisUpdate().toInstant().toString()));
        json.put("next_update", Json.of(nextUpdate(list)));
        return new Json.Fields(json);
    }

    private static List<X509Certificate> certificates(PemContents contents) throws PemException {
        return contents.holdsCertificates() ? contents.certificates() : List.of();
    }

    private static List<X509CRL> lists(PemContents contents) throws PemException {
        return contents.holdsRevocations() ? contents.revocations() : List.of();
    }

    private static int revoked(X509CRL list) {
        var entries = list.getRevokedCertificates();
        return entries == null ? 0 : entries.size();
    }

    private static String nextUpdate(X509CRL list) {
        var next = list.getNextUpdate();
        return next == null ? "never" : next.toInstant().toString();
    }
}
