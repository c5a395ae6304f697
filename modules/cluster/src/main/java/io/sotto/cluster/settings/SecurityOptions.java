package io.sotto.cluster.settings;

import java.time.Duration;
import java.util.List;

/**
 * Settings in code: keys, labels and certificates.
 *
 * <p>Each method sets the path that it is named after; units, defaults and bounds are in docs/reference/settings.md.
 *
 * @param <B> what each method gives back
 */
public interface SecurityOptions<B> extends Options<B> {
    /** {@code encrypt}: the gossip key: base64 of 16, 24 or 32 bytes; a secret. */
    default B encrypt(String value) {
        return set("encrypt", value);
    }

    /** {@code encrypt-file}: the same from a file that holds the base64 text and that only its owner can read. */
    default B encryptFile(String value) {
        return set("encrypt-file", value);
    }

    /**
     * {@code encrypt-source}: the same from a class: the name of a {@code KeySource} with a public constructor without
     * arguments.
     */
    default B encryptSource(String value) {
        return set("encrypt-source", value);
    }

    /** {@code encrypt-verify-incoming}: refuse gossip that is not encrypted. */
    default B encryptVerifyIncoming(boolean on) {
        return set("encrypt-verify-incoming", on);
    }

    /** {@code encrypt-verify-outgoing}: encrypt all gossip that is sent. */
    default B encryptVerifyOutgoing(boolean on) {
        return set("encrypt-verify-outgoing", on);
    }

    /** {@code plaintext-until}: until when plaintext may be taken in beside a key: a duration, or an instant. */
    default B plaintextUntil(String value) {
        return set("plaintext-until", value);
    }

    /** {@code disable-keyring-file}: keep keys in memory only, whatever data-dir says. */
    default B disableKeyringFile(boolean on) {
        return set("disable-keyring-file", on);
    }

    /**
     * {@code keyring-file-mode-check}: refuse to start with a ring in data-dir that others than its owner may read or
     * write.
     */
    default B keyringFileModeCheck(boolean on) {
        return set("keyring-file-mode-check", on);
    }

    /** {@code persist}: keep keys in {@code data-dir}. */
    default B persist(boolean on) {
        return set("persist", on);
    }

    /**
     * {@code label}: the label of the LAN pool, up to 255 bytes of UTF-8: members of another label, or of none, are
     * not heard.
     */
    default B label(String value) {
        return set("label", value);
    }

    /** {@code label-accept}: labels that are taken besides; "" stands for none. */
    default B labelAccept(List<String> values) {
        return set("label-accept", values);
    }

    /**
     * {@code upshift.token-hashes}: the SHA-256, in hexadecimal digits, of each token with which a member that is no server may
     * order this node to take a stage of an upshift.
     */
    default B upshiftTokenHashes(List<String> values) {
        return set("upshift.token-hashes", values);
    }

    /** {@code upshift.quiet}: for how long no member must have taken in anything insecure before all refuse it. */
    default B upshiftQuiet(Duration time) {
        return set("upshift.quiet", time);
    }

    /** {@code key-rotation.every}: the age of a primary key at which it is replaced; 0: never. */
    default B keyRotationEvery(Duration time) {
        return set("key-rotation.every", time);
    }

    /**
     * {@code key-rotation.drivers}: the members that may begin a rotation by themselves, by name: the first of them
     * that is there does.
     */
    default B keyRotationDrivers(List<String> values) {
        return set("key-rotation.drivers", values);
    }

    /** {@code key-rotation.grace}: how long the old key is kept once every member seals with the new one. */
    default B keyRotationGrace(Duration time) {
        return set("key-rotation.grace", time);
    }

    /** {@code key-rotation.relay-factor}: through how many more members each answer comes, 0 to 5. */
    default B keyRotationRelayFactor(int value) {
        return set("key-rotation.relay-factor", value);
    }

    /**
     * {@code key-rotation.nonce-budget.messages}: the most messages that this node seals with one key, restarts
     * included.
     */
    default B keyRotationNonceBudgetMessages(long value) {
        return set("key-rotation.nonce-budget.messages", value);
    }

    /** {@code key-rotation.nonce-budget.warn-percent}: at what part of the budget, in percent, a warning is logged. */
    default B keyRotationNonceBudgetWarnPercent(int value) {
        return set("key-rotation.nonce-budget.warn-percent", value);
    }

    /**
     * {@code key-rotation.nonce-budget.action}: what happens when the budget is spent: {@code warn}, {@code rotate} or
     * {@code refuse}.
     */
    default B keyRotationNonceBudgetAction(String value) {
        return set("key-rotation.nonce-budget.action", value);
    }

    /** {@code tls.ca-file}: PEM bundle of the authorities that are trusted; wins over ca-path. */
    default B tlsCaFile(String value) {
        return set("tls.ca-file", value);
    }

    /** {@code tls.ca-path}: directory whose files, those below it too, are such bundles. */
    default B tlsCaPath(String value) {
        return set("tls.ca-path", value);
    }

    /** {@code tls.cert-file}: own certificate in PEM, with its intermediates, for both sides of connections. */
    default B tlsCertFile(String value) {
        return set("tls.cert-file", value);
    }

    /** {@code tls.key-file}: its private key; a file that every user of the machine may read is refused. */
    default B tlsKeyFile(String value) {
        return set("tls.key-file", value);
    }

    /** {@code tls.key-passphrase-file}: file whose first line opens an encrypted key. */
    default B tlsKeyPassphraseFile(String value) {
        return set("tls.key-passphrase-file", value);
    }

    /** {@code tls.crl-files}: revocation lists in PEM. */
    default B tlsCrlFiles(List<String> values) {
        return set("tls.crl-files", values);
    }

    /**
     * {@code tls.verify-incoming}: refuse RPC without TLS, and clients without a certificate of the authorities, those
     * of HTTPS too.
     */
    default B tlsVerifyIncoming(boolean on) {
        return set("tls.verify-incoming", on);
    }

    /** {@code tls.verify-incoming-rpc}: the same for RPC alone; not set: as {@code tls.verify-incoming} says. */
    default B tlsVerifyIncomingRpc(boolean on) {
        return set("tls.verify-incoming-rpc", on);
    }

    /** {@code tls.verify-incoming-https}: the same for HTTPS alone; not set: as {@code tls.verify-incoming} says. */
    default B tlsVerifyIncomingHttps(boolean on) {
        return set("tls.verify-incoming-https", on);
    }

    /** {@code tls.verify-outgoing}: call others by TLS only. */
    default B tlsVerifyOutgoing(boolean on) {
        return set("tls.verify-outgoing", on);
    }

    /** {@code tls.verify-server-hostname}: whether a server must hold the name server.&lt;datacenter&gt;.&lt;domain&gt;. */
    default B tlsVerifyServerHostname(boolean on) {
        return set("tls.verify-server-hostname", on);
    }

    /** {@code tls.min-version}: the lowest version of TLS: {@code tls12} or {@code tls13}. */
    default B tlsMinVersion(String value) {
        return set("tls.min-version", value);
    }

    /** {@code tls.cipher-suites}: suites of TLS 1.2 by their names, out of those with ECDHE and an AEAD. */
    default B tlsCipherSuites(List<String> values) {
        return set("tls.cipher-suites", values);
    }

    /** {@code tls.domain}: the domain in the names of servers. */
    default B tlsDomain(String value) {
        return set("tls.domain", value);
    }

    /** {@code tls.watch-interval}: from one look at the files to the next. */
    default B tlsWatchInterval(Duration time) {
        return set("tls.watch-interval", time);
    }

    /** {@code tls.settle}: how long files that have changed must stay as they are before they are tried. */
    default B tlsSettle(Duration time) {
        return set("tls.settle", time);
    }

    /**
     * {@code tls.expiry-warnings}: with how much validity left of a certificate or authority a warning is written,
     * daily in the last week.
     */
    default B tlsExpiryWarnings(List<Duration> values) {
        return set("tls.expiry-warnings", values);
    }

    /** {@code enrolment.ca-file}: the authority's certificate on the one node that enrols others; empty: this one does not. */
    default B enrolmentCaFile(String value) {
        return set("enrolment.ca-file", value);
    }

    /** {@code enrolment.ca-key-file}: the authority's private key; a file that others may read is refused. */
    default B enrolmentCaKeyFile(String value) {
        return set("enrolment.ca-key-file", value);
    }

    /** {@code enrolment.validity}: how long the certificates are valid that it gives. */
    default B enrolmentValidity(Duration time) {
        return set("enrolment.validity", time);
    }

    /** {@code enrolment.token-ttl-max}: the longest that a token may be good for. */
    default B enrolmentTokenTtlMax(Duration time) {
        return set("enrolment.token-ttl-max", time);
    }

    /** {@code enrolment.tokens-max}: tokens remembered at a time, used ones among them. */
    default B enrolmentTokensMax(int value) {
        return set("enrolment.tokens-max", value);
    }

    /** {@code enrolment.rate-per-address}: requests a second of one address that are looked at. */
    default B enrolmentRatePerAddress(int value) {
        return set("enrolment.rate-per-address", value);
    }

    /** {@code enrolment.rate}: requests a second of all addresses that are looked at. */
    default B enrolmentRate(int value) {
        return set("enrolment.rate", value);
    }
}
