package io.sotto.pki;

import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;

/** Algorithm and size of a key, as people say it. */
final class KeyKind {
    private KeyKind() {}

    static String of(PublicKey key) {
        if (key instanceof ECKey ec) {
            return "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
        }
        if (key instanceof RSAKey rsa) {
            return "RSA " + rsa.getModulus().bitLength();
        }
        return Printable.of(key.getAlgorithm());
    }
}
