package io.sotto.agent.cli;

import io.sotto.pki.Reason;

/** What mends a refused TLS peer: a command, for whoever runs the peer or for whoever called it. */
final class TlsMends {
    private TlsMends() {}

    static String of(Reason reason, String datacenter, String domain) {
        String create = "sotto tls cert create -server -dc " + datacenter + " -domain " + domain;
        return switch (reason) {
            case EXPIRED, WRONG_USAGE, WRONG_NAME, NAME_ONLY_IN_CN, WILDCARD, REVOKED, MALFORMED, FORBIDDEN_NAME ->
                create + ", and put both files in place on the peer";
            case NOT_YET_VALID -> "date -u, here and on the peer: one of the clocks is wrong, or wait";
            case UNKNOWN_AUTHORITY ->
                "-ca FILE with the authority that issued it; or, if that is a stranger's: " + create;
            case NO_TLS -> create + ", and set cert_file and key_file on the peer";
            case NO_CERTIFICATE, REFUSED_BY_PEER, HANDSHAKE ->
                "sotto tls cert create -cli -dc " + datacenter + " -domain " + domain
                        + ", signed by an authority that the peer trusts, and -cert FILE -key FILE";
            case PLAINTEXT -> "give the port that speaks TLS: RPC without -https, HTTPS with it";
            case NO_COMMON_PROTOCOL -> "raise the peer to TLS 1.2 with ECDHE and an AEAD, or to TLS 1.3";
        };
    }
}
