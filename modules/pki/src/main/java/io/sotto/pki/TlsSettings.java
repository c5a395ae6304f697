package io.sotto.pki;

import io.sotto.pki.pem.Passphrase;
import io.sotto.pki.pem.PemSource;
import java.util.List;
import java.util.Optional;

/**
 * What an operator says about TLS, with the files already read: no paths here. Flags that were not said are empty, since the
 * defaults differ by dialect. Immutable; {@link #toString} shows no content.
 *
 * @param dialect whose defaults count
 * @param authorities trusted authorities: the {@code ca_file}, or the files of {@code ca_path}
 * @param certificate own certificate, with its intermediates
 * @param key its private key
 * @param passphrase of the key
 * @param revocations revocation lists
 * @param verifyIncoming both listeners ask for a client certificate, and RPC refuses plaintext
 * @param verifyIncomingRpc the same for RPC only
 * @param verifyIncomingHttps the same for HTTPS only
 * @param verifyOutgoing outgoing RPC is TLS, and its peer's chain is checked
 * @param verifyServerHostname a dialled server must hold {@code server.<datacenter>.<domain>}
 * @param minVersion {@code tls12} or {@code tls13}
 * @param cipherSuites comma list for TLS 1.2; empty: all that are safe
 * @param domain as in the settings
 * @param datacenter as in the settings
 */
public record TlsSettings(
        Dialect dialect,
        List<PemSource> authorities,
        Optional<PemSource> certificate,
        Optional<PemSource> key,
        Passphrase passphrase,
        List<PemSource> revocations,
        Optional<Boolean> verifyIncoming,
        Optional<Boolean> verifyIncomingRpc,
        Optional<Boolean> verifyIncomingHttps,
        Optional<Boolean> verifyOutgoing,
        Optional<Boolean> verifyServerHostname,
        String minVersion,
        String cipherSuites,
        String domain,
        String datacenter) {

    /** Whose defaults count. */
    public enum Dialect {
        /** sotto's own HOCON: server names are checked unless that is switched off; contradictions are refused. */
        SOTTO,
        /** The files of real agents: their defaults, with warnings. */
        CONSUL
    }

    public TlsSettings {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
    }

    /** Starts from nothing: no files, no flags, domain {@code consul}, datacenter {@code dc1}. */
    public static Builder builder(Dialect dialect) {
        return new Builder(dialect);
    }

    /** The same settings to be changed; this value stays as it is. */
    public Builder toBuilder() {
        Builder builder = new Builder(dialect);
        builder.settings = this;
        return builder;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private TlsSettings settings;

        private Builder(Dialect dialect) {
            settings = new TlsSettings(
                    dialect,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Passphrase.none(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "tls12",
                    "",
                    "consul",
                    "dc1");
        }

        public Builder authorities(List<PemSource> authorities) {
            settings = new TlsSettings(
                    settings.dialect,
                    authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder certificate(PemSource certificate) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    Optional.of(certificate),
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder key(PemSource key) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    Optional.of(key),
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder passphrase(Passphrase passphrase) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder revocations(List<PemSource> revocations) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder verifyIncoming(boolean verifyIncoming) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    Optional.of(verifyIncoming),
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder verifyIncomingRpc(boolean verifyIncomingRpc) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    Optional.of(verifyIncomingRpc),
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder verifyIncomingHttps(boolean verifyIncomingHttps) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    Optional.of(verifyIncomingHttps),
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder verifyOutgoing(boolean verifyOutgoing) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    Optional.of(verifyOutgoing),
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder verifyServerHostname(boolean verifyServerHostname) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    Optional.of(verifyServerHostname),
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder minVersion(String minVersion) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder cipherSuites(String cipherSuites) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    cipherSuites,
                    settings.domain,
                    settings.datacenter);
            return this;
        }

        public Builder domain(String domain) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    domain,
                    settings.datacenter);
            return this;
        }

        public Builder datacenter(String datacenter) {
            settings = new TlsSettings(
                    settings.dialect,
                    settings.authorities,
                    settings.certificate,
                    settings.key,
                    settings.passphrase,
                    settings.revocations,
                    settings.verifyIncoming,
                    settings.verifyIncomingRpc,
                    settings.verifyIncomingHttps,
                    settings.verifyOutgoing,
                    settings.verifyServerHostname,
                    settings.minVersion,
                    settings.cipherSuites,
                    settings.domain,
                    datacenter);
            return this;
        }

        public TlsSettings build() {
            return settings;
        }
    }
}
