package io.sotto.agent.cli;

import io.sotto.agent.json.Json;
import io.sotto.pki.CertificateFacts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a certificate says, for people and for programs. */
final class CertificateText {
    private CertificateText() {}

    /** One line for each thing that it says. */
    static String lines(CertificateFacts facts, Instant now) {
        StringBuilder text = new StringBuilder();
        line(text, "Subject", facts.subject().isEmpty() ? "(none)" : facts.subject());
        line(text, "Issuer", facts.issuer());
        line(text, "Serial", facts.serial().toString());
        line(text, "Valid", facts.notBefore() + " to " + facts.notAfter() + " (" + left(facts, now) + ")");
        line(text, "Acts as", role(facts));
        line(text, "DNS names", listed(facts.dnsNames()));
        line(text, "Addresses", listed(facts.ipAddresses()));
        line(text, "Usage", facts.usages().isEmpty() ? "any" : listed(facts.usages()));
        line(text, "Key", facts.key());
        line(text, "SHA-256", facts.fingerprint());
        return text.toString();
    }

    static Json json(CertificateFacts facts, Instant now) {
        Map<String, Json> json = new LinkedHashMap<>();
        json.put("subject", Json.of(facts.subject()));
        json.put("issuer", Json.of(facts.issuer()));
        json.put("serial", Json.of(facts.serial().toString()));
        json.put("not_before", Json.of(facts.notBefore().toString()));
        json.put("not_after", Json.of(facts.notAfter().toString()));
        json.put("seconds_left", Json.of(facts.left(now).toSeconds()));
        json.put("acts_as", Json.of(role(facts)));
        json.put("dns_names", Json.of(facts.dnsNames()));
        json.put("ip_addresses", Json.of(facts.ipAddresses()));
        json.put("usages", Json.of(facts.usages()));
        json.put("key", Json.of(facts.key()));
        json.put("sha256", Json.of(facts.fingerprint()));
        return new Json.Fields(json);
    }

    /** By its names only: whether its chain is right is for the one who checks it. */
    static String role(CertificateFacts facts) {
        if (facts.authority()) {
            return "authority";
        }
        return facts.dnsNames().stream()
                .filter(name -> name.matches("(?i)server\\.[^.*]+\\..+"))
                .findFirst()
                .map(name -> "server of " + name.split("\\.", 3)[1])
                .orElse("member, not a server");
    }

    static String left(CertificateFacts facts, Instant now) {
        if (now.isBefore(facts.notBefore())) {
            return "not valid yet";
        }
        long days = ChronoUnit.DAYS.between(now, facts.notAfter());
        return now.isAfter(facts.notAfter()) ? "expired" : days == 1 ? "1 day left" : days + " days left";
    }

    private static String listed(List<String> values) {
        return values.isEmpty() ? "(none)" : String.join(", ", values);
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(String.format(java.util.Locale.ROOT, "%-10s %s%n", what, value));
    }
}
