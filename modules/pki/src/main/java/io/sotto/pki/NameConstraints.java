package io.sotto.pki;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/** Whether an authority may sign for the names of the certificates below it. Source: RFC 5280, section 4.2.1.10. */
final class NameConstraints {
    private NameConstraints() {}

    static Optional<PeerRefused> refusal(X509Certificate issuer, List<X509Certificate> below) {
        byte[] extension = issuer.getExtensionValue(Extension.nameConstraints.getId());
        if (extension == null) {
            return Optional.empty();
        }
        var constraints = org.bouncycastle.asn1.x509.NameConstraints.getInstance(
                ASN1OctetString.getInstance(extension).getOctets());
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
        if (permitted != null) {
            validator.intersectPermittedSubtree(permitted);
        }
        GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
        if (excluded != null) {
            for (GeneralSubtree subtree : excluded) {
                validator.addExcludedSubtree(subtree);
            }
        }
        for (X509Certificate certificate : below) {
            byte[] names = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
            if (names == null) {
                continue;
            }
            for (GeneralName name : GeneralNames.getInstance(
                            ASN1OctetString.getInstance(names).getOctets())
                    .getNames()) {
                try {
                    validator.checkPermitted(name);
                    validator.checkExcluded(name);
                } catch (NameConstraintValidatorException forbidden) {
                    return ChainCheck.refused(
                            Reason.FORBIDDEN_NAME,
                            "x509: a root or intermediate certificate is not authorized to sign for this name: "
                                    + Printable.of(name.getName().toString()) + " is not permitted by any constraint",
                            "names that " + Printable.of(CertificateFacts.name(issuer.getSubjectX500Principal()))
                                    + " may sign for",
                            Printable.of(name.getName().toString()),
                            below.get(0));
                }
            }
        }
        return Optional.empty();
    }
}
