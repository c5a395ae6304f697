package io.sotto.pki.enrolment;

import io.sotto.pki.authority.CertificateAuthority;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The authority's side: whether a request is granted, and the certificate that answers it. Immutable, for any thread.
 *
 * <p>A request is looked at in this order: is there such a token, was the request made with it, is the token unused and fresh, and
 * is the signing request good. So whoever lacks a token costs no more than one hash. A token is used up by the first request that
 * passes all of that, whether or not the member gets the answer.
 */
public final class EnrolmentDesk {
    private final CertificateAuthority authority;
    private final String datacenter;
    private final String domain;
    private final Duration validity;

    /** What becomes of a request. */
    public sealed interface Decision {
        /** It is granted: {@link #after} is to be on the disk before {@link EnrolmentDesk#answer} is called. */
        final class Granted implements Decision {
            private final TokenLedger after;
            private final TokenLedger.Entry entry;
            private final PublicKey key;

            private Granted(TokenLedger after, TokenLedger.Entry entry, PublicKey key) {
                this.after = after;
                this.entry = entry;
                this.key = key;
            }

            /** The ledger in which the token is used. */
            public TokenLedger after() {
                return after;
            }

            /** Who is enrolled. */
            public String node() {
                return entry.node();
            }

            public EnrolRole role() {
                return entry.role();
            }
        }

        /** It is not. */
        record Refused(EnrolRefusal why) implements Decision {}
    }

    /**
     * The desk of an authority.
     *
     * @param datacenter of the nodes that it enrols
     * @param domain of their names
     * @param validity of the certificates
     */
    public EnrolmentDesk(CertificateAuthority authority, String datacenter, String domain, Duration validity) {
        this.authority = authority;
        this.datacenter = datacenter;
        this.domain = domain;
        this.validity = validity;
    }

    /** The authority's certificate. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    /** Changes nothing. */
    public Decision decide(EnrolRequest request, TokenLedger ledger, Instant now) {
        Optional<TokenLedger.Entry> entry = ledger.find(request.tokenId());
        if (entry.isEmpty() || !request.isMadeWith(entry.get().verifier())) {
            return new Decision.Refused(EnrolRefusal.UNKNOWN_TOKEN);
        }
        if (entry.get().used().isPresent()) {
            return new Decision.Refused(EnrolRefusal.USED);
        }
        if (entry.get().isExpired(now)) {
            return new Decision.Refused(EnrolRefusal.EXPIRED);
        }
        Optional<PublicKey> key = SigningRequest.keyOf(request.signingRequest());
        if (key.isEmpty()) {
            return new Decision.Refused(EnrolRefusal.SIGNING_REQUEST);
        }
        return new Decision.Granted(ledger.used(request.tokenId(), now), entry.get(), key.get());
    }

    /** The answer to a request that was granted. */
    public EnrolAnswer answer(EnrolRequest request, Decision.Granted granted, SecureRandom random, Instant now) {
        X509Certificate issued = authority.certify(
                NodeNames.request(granted.node(), granted.role(), datacenter, domain, validity),
                granted.key,
                random,
                now);
        try {
            return EnrolAnswer.of(
                    granted.entry.verifier(),
                    request,
                    issued.getEncoded(),
                    authority.certificate().getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
