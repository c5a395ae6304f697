package io.sotto.pki.authority;

import io.sotto.pki.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a certificate shall say. The three kinds of the tool have a method each; the rest changes one thing and returns a new
 * value. Immutable.
 *
 * <p>Source: TLS specification, section 7.
 *
 * @param commonName CN of the subject
 * @param dnsNames subject alternative names, in order
 * @param ipAddresses subject alternative names, in order, as text
 * @param usages extended key usage, in order; empty: no such extension
 * @param notBeforeAfterIssue when it begins, counted from its issue; negative: before
 * @param validity how long it is valid
 */
public record CertificateRequest(
        String commonName,
        List<String> dnsNames,
        List<String> ipAddresses,
        List<Usage> usages,
        Duration notBeforeAfterIssue,
        Duration validity) {
    /** What the tool gives if nothing else is asked for. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(365);

    private static final String LOOPBACK = "127.0.0.1";

    public CertificateRequest {
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
        usages = List.copyOf(usages);
    }

    /** Of a server: the only kind that may act as one. */
    public static CertificateRequest server(String datacenter, String domain) {
        return of("server", datacenter, domain, List.of(LOOPBACK), List.of(Usage.SERVER, Usage.CLIENT));
    }

    /** Of a client agent. */
    public static CertificateRequest client(String datacenter, String domain) {
        return of("client", datacenter, domain, List.of(LOOPBACK), List.of(Usage.CLIENT, Usage.SERVER));
    }

    /** Of a person at a command line. */
    public static CertificateRequest cli(String datacenter, String domain) {
        return of("cli", datacenter, domain, List.of(), List.of());
    }

    /** These names and addresses first, as the tool puts them. */
    public CertificateRequest with(List<String> moreDnsNames, List<String> moreIpAddresses) {
        return new CertificateRequest(
                commonName,
                joined(moreDnsNames, dnsNames),
                joined(moreIpAddresses, ipAddresses),
                usages,
                notBeforeAfterIssue,
                validity);
    }

    /** Exactly these names, and no address. */
    public CertificateRequest withOnly(List<String> onlyDnsNames) {
        return new CertificateRequest(commonName, onlyDnsNames, List.of(), usages, notBeforeAfterIssue, validity);
    }

    public CertificateRequest withCommonName(String name) {
        return new CertificateRequest(name, dnsNames, ipAddresses, usages, notBeforeAfterIssue, validity);
    }

    public CertificateRequest withUsages(List<Usage> otherUsages) {
        return new CertificateRequest(commonName, dnsNames, ipAddresses, otherUsages, notBeforeAfterIssue, validity);
    }

    /** With another validity, whose start is counted from the issue. */
    public CertificateRequest valid(Duration start, Duration length) {
        return new CertificateRequest(commonName, dnsNames, ipAddresses, usages, start, length);
    }

    private static CertificateRequest of(
            String kind, String datacenter, String domain, List<String> addresses, List<Usage> usages) {
        String name = kind + "." + datacenter + "." + domain;
        return new CertificateRequest(
                name, List.of(name, "localhost"), addresses, usages, Duration.ZERO, DEFAULT_VALIDITY);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
