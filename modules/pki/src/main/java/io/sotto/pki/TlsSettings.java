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
        builder.authorities = authorities;
        builder.certificate = certificate;
        builder.key = key;
        builder.passphrase = passphrase;
        builder.revocations = revocations;
        builder.verifyIncoming = verifyIncoming;
        builder.verifyIncomingRpc = verifyIncomingRpc;
        builder.verifyIncomingHttps = verifyIncomingHttps;
        builder.verifyOutgoing = verifyOutgoing;
        builder.verifyServerHostname = verifyServerHostname;
        builder.minVersion = minVersion;
        builder.cipherSuites = cipherSuites;
        builder.domain = domain;
        builder.datacenter = datacenter;
        return builder;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final Dialect dialect;
        private List<PemSource> authorities = List.of();
        private Optional<PemSource> certificate = Optional.empty();
        private Optional<PemSource> key = Optional.empty();
        private Passphrase passphrase = Passphrase.none();
        private List<PemSource> revocations = List.of();
        private Optional<Boolean> verifyIncoming = Optional.empty();
        private Optional<Boolean> verifyIncomingRpc = Optional.empty();
        private Optional<Boolean> verifyIncomingHttps = Optional.empty();
        private Optional<Boolean> verifyOutgoing = Optional.empty();
        private Optional<Boolean> verifyServerHostname = Optional.empty();
        private String minVersion = "tls12";
        private String cipherSuites = "";
        private String domain = "consul";
        private String datacenter = "dc1";

        private Builder(Dialect dialect) {
            this.dialect = dialect;
        }

        public Builder authorities(List<PemSource> authorities) {
            this.authorities = List.copyOf(authorities);
            return this;
        }

        public Builder certificate(PemSource certificate) {
            this.certificate = Optional.of(certificate);
            return this;
        }

        public Builder key(PemSource key) {
            this.key = Optional.of(key);
            return this;
        }

        public Builder passphrase(Passphrase passphrase) {
            this.passphrase = passphrase;
            return this;
        }

        public Builder revocations(List<PemSource> revocations) {
            this.revocations = List.copyOf(revocations);
            return this;
        }

        public Builder verifyIncoming(boolean verifyIncoming) {
            this.verifyIncoming = Optional.of(verifyIncoming);
            return this;
        }

        public Builder verifyIncomingRpc(boolean verifyIncomingRpc) {
            this.verifyIncomingRpc = Optional.of(verifyIncomingRpc);
            return this;
        }

        public Builder verifyIncomingHttps(boolean verifyIncomingHttps) {
            this.verifyIncomingHttps = Optional.of(verifyIncomingHttps);
            return this;
        }

        public Builder verifyOutgoing(boolean verifyOutgoing) {
            this.verifyOutgoing = Optional.of(verifyOutgoing);
            return this;
        }

        public Builder verifyServerHostname(boolean verifyServerHostname) {
            this.verifyServerHostname = Optional.of(verifyServerHostname);
            return this;
        }

        public Builder minVersion(String minVersion) {
            this.minVersion = minVersion;
            return this;
        }

        public Builder cipherSuites(String cipherSuites) {
            this.cipherSuites = cipherSuites;
            return this;
        }

        public Builder domain(String domain) {
            this.domain = domain;
            return this;
        }

        public Builder datacenter(String datacenter) {
            this.datacenter = datacenter;
            return this;
        }

        public TlsSettings build() {
            return new TlsSettings(
                    dialect,
                    authorities,
                    certificate,
                    key,
                    passphrase,
                    revocations,
                    verifyIncoming,
                    verifyIncomingRpc,
                    verifyIncomingHttps,
                    verifyOutgoing,
                    verifyServerHostname,
                    minVersion,
                    cipherSuites,
                    domain,
                    datacenter);
        }
    }
}
