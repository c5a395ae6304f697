package io.sotto.pki;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;

/** Carries a refusal through the platform's TLS, which chooses its alert by the cause. */
final class PeerRefusedException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final transient PeerRefused refused;

    PeerRefusedException(PeerRefused refused) {
        super(refused.text(), new CertPathValidatorException(refused.text(), null, null, -1, alert(refused.reason())));
        this.refused = refused;
    }

    PeerRefused refused() {
        return refused;
    }

    /** Which of these reach the alert depends on the Java: 17 tells revocation, and says certificate_unknown of all else. */
    private static BasicReason alert(Reason reason) {
        return switch (reason) {
            case EXPIRED -> BasicReason.EXPIRED;
            case REVOKED -> BasicReason.REVOKED;
            default -> BasicReason.INVALID_SIGNATURE;
        };
    }
}
